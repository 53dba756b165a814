import { Group, Menu, Text } from "@mantine/core";
import { IconArrowBigUpLines, IconHelpCircle, IconUserShare } from "@tabler/icons-react";
import { type CSSProperties, memo, useState } from "react";
import type { Floor } from "../shared/floor";
import { PHASE_COLOR } from "../shared/stateColor";
import { Nothing } from "../shared/states";
import { clock } from "../shared/time";
import type { CallView } from "../shared/types";
import { useWords, type Words } from "../shared/words";
import { Assign } from "./Assign";
import { Prioritise } from "./Prioritise";
import { MenuButton, type OpenMenu, RowMenu, useRowMenu } from "./RowMenu";
import { StandingDialog } from "./StandingDialog";

const LEAST = { "--least": "520px" } as CSSProperties;
/** Most rows drawn at once: a board is read, not scrolled. */
const MOST = 60;

type Dialog = "standing" | "assign" | "priority";

interface Props {
  floor: Floor;
  now: number;
  /** Whether this person may act for calls. */
  mayAct: boolean;
}

export const CallTable = memo(function CallTable({ floor, now, mayAct }: Props) {
  const { t } = useWords();
  const { anchor, open, close } = useRowMenu();
  const [dialog, setDialog] = useState<{ call: string; kind: Dialog } | null>(null);
  const here = anchor ? floor.calls[anchor.id] : undefined;
  const asked = dialog ? floor.calls[dialog.call] : undefined;
  const show = (kind: Dialog) => here && setDialog({ call: here.id, kind });
  const calls = Object.values(floor.calls)
    // A call-back that waits is no call yet: the queue counts it, and the missed calls list it.
    .filter((c) => c.phase !== "ended" && !(c.direction === "out" && c.phase === "waiting"))
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
                <th style={{ width: "25%" }}>{t("board.queue")}</th>
                <th style={{ width: "19%" }}>{t("board.agent")}</th>
                {mayAct ? <th className="menu" style={{ width: 34 }} aria-label={t("board.act")} /> : null}
              </tr>
            </thead>
            <tbody>
              {calls.slice(0, MOST).map((c) => (
                <CallRow
                  key={c.id}
                  call={c}
                  caller={who(c, t)}
                  phase={t(`call.phase.${c.phase}`)}
                  for_s={Math.floor((now - c.at) / 1000)}
                  out={c.direction === "out" ? t("board.outgoing") : ""}
                  acts={mayAct}
                  menu={mayAct && WAITS.has(c.phase) ? t("board.menu", who(c, t)) : ""}
                  onMenu={open}
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
      <RowMenu anchor={here ? anchor : null} onClose={close}>
        {here ? <Menu.Label>{who(here, t)}</Menu.Label> : null}
        <Menu.Item
          leftSection={<IconHelpCircle size={16} />}
          onClick={() => show("standing")}
          disabled={here?.phase !== "waiting"}
          data-testid="call-standing"
        >
          {t("standing.go")}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconUserShare size={16} />}
          onClick={() => show("assign")}
          data-testid="call-assign"
        >
          {t("assign.go")}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconArrowBigUpLines size={16} />}
          onClick={() => show("priority")}
          data-testid="call-priority"
        >
          {t("priority.go")}
        </Menu.Item>
      </RowMenu>
      {asked && dialog?.kind === "standing" ? (
        <StandingDialog call={asked} onClose={() => setDialog(null)} />
      ) : null}
      {asked && dialog?.kind === "assign" ? (
        <Assign call={asked} floor={floor} onClose={() => setDialog(null)} />
      ) : null}
      {asked && dialog?.kind === "priority" ? (
        <Prioritise call={asked} onClose={() => setDialog(null)} />
      ) : null}
    </>
  );
});

/** Phases in which a call can be given to somebody. */
const WAITS: ReadonlySet<string> = new Set(["waiting", "offered"]);

function who(call: CallView, t: Words["t"]): string {
  return call.customer_name || call.caller || t("call.anonymous");
}

interface RowProps {
  call: CallView;
  caller: string;
  phase: string;
  for_s: number;
  out: string;
  /** Whether there is a column for the menu. */
  acts: boolean;
  menu: string;
  onMenu: OpenMenu;
}

const CallRow = memo(function CallRow(props: RowProps) {
  const { call, caller, phase, for_s, out, acts, menu, onMenu } = props;
  return (
    <tr data-testid={`call-${call.id}`} data-phase={call.phase}>
      <td className="name" title={caller}>
        <span className="num">{caller}</span>
        {call.tier_name || out ? (
          <span className="under">{[call.tier_name, out].filter(Boolean).join(" · ")}</span>
        ) : null}
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
      {acts ? (
        <td className="menu">{menu ? <MenuButton id={call.id} label={menu} onOpen={onMenu} /> : null}</td>
      ) : null}
    </tr>
  );
});
