import { Group, Text } from "@mantine/core";
import { type CSSProperties, memo } from "react";
import type { Floor } from "../shared/floor";
import { PHASE_COLOR } from "../shared/stateColor";
import { Nothing } from "../shared/states";
import { clock } from "../shared/time";
import type { CallView } from "../shared/types";
import { useWords } from "../shared/words";

const LEAST = { "--least": "520px" } as CSSProperties;
/** Most rows drawn at once: a board is read, not scrolled. */
const MOST = 60;

export const CallTable = memo(function CallTable({ floor, now }: { floor: Floor; now: number }) {
  const { t } = useWords();
  const calls = Object.values(floor.calls)
    .filter((c) => c.phase !== "ended")
    .sort((a, b) => a.started - b.started);
  return (
    <>
      <Group mb={6} mih={20}>
        <Text fw={600}>
          {t("board.calls")} <span className="dim num">{calls.length}</span>
        </Text>
      </Group>
      {calls.length === 0 ? (
        <Nothing title={t("board.nocalls")} />
      ) : (
        <div className="scroll-x">
          <table className="live" style={LEAST}>
            <thead>
              <tr>
                <th>{t("board.caller")}</th>
                <th style={{ width: 112 }}>{t("board.phase")}</th>
                <th className="end" style={{ width: 62 }}>
                  {t("board.for")}
                </th>
                <th style={{ width: "26%" }}>{t("board.queue")}</th>
                <th style={{ width: "19%" }}>{t("board.agent")}</th>
              </tr>
            </thead>
            <tbody>
              {calls.slice(0, MOST).map((c) => (
                <CallRow
                  key={c.id}
                  call={c}
                  caller={c.customer_name || c.caller || t("call.anonymous")}
                  phase={t(`call.phase.${c.phase}`)}
                  for_s={Math.floor((now - c.at) / 1000)}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {calls.length > MOST ? (
        <Text size="sm" className="dim" mt={6}>
          {t("board.more", calls.length - MOST)}
        </Text>
      ) : null}
    </>
  );
});

interface RowProps {
  call: CallView;
  caller: string;
  phase: string;
  for_s: number;
}

const CallRow = memo(function CallRow({ call, caller, phase, for_s }: RowProps) {
  return (
    <tr data-testid={`call-${call.id}`} data-phase={call.phase}>
      <td className="name" title={caller}>
        <span className="num">{caller}</span>
        {call.tier_name ? <span className="under">{call.tier_name}</span> : null}
      </td>
      <td>
        <span className="phase" data-color={PHASE_COLOR[call.phase]}>
          {phase}
        </span>
      </td>
      <td className="num end">{clock(for_s)}</td>
      <td className="name" title={call.queue_name ?? ""}>
        {call.queue_name}
      </td>
      <td className="name" title={call.agent_name ?? ""}>
        {call.agent_name}
      </td>
    </tr>
  );
});
