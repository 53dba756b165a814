import { Group, Switch, Text } from "@mantine/core";
import { IconPhone, IconPhoneOff } from "@tabler/icons-react";
import { type CSSProperties, memo, useState } from "react";
import { Dot } from "../shared/Dot";
import type { Floor } from "../shared/floor";
import { STATE_COLOR } from "../shared/stateColor";
import { Nothing } from "../shared/states";
import { clock } from "../shared/time";
import type { AgentState, AgentView } from "../shared/types";
import { useWords } from "../shared/words";
import { reasonName } from "../shared/words/choice";
import { byName } from "./byName";

const LEAST = { "--least": "480px" } as CSSProperties;

export const ORDER: readonly AgentState[] = [
  "missed",
  "offered",
  "on_contact",
  "wrap_up",
  "available",
  "paused",
  "signed_out",
];

/** The agents by state, then name; those who are signed out only if `all`. */
export function inOrder(floor: Floor, all: boolean): AgentView[] {
  return Object.values(floor.agents)
    .filter((a) => all || a.state !== "signed_out")
    .sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || byName(a, b));
}

export const AgentTable = memo(function AgentTable({ floor, now }: { floor: Floor; now: number }) {
  const words = useWords();
  const { t } = words;
  const [hide, setHide] = useState(true);
  const agents = inOrder(floor, !hide);
  return (
    <>
      <Group justify="space-between" mb={6}>
        <Text fw={600}>
          {t("board.agents")} <span className="dim num">{agents.length}</span>
        </Text>
        <Switch
          size="xs"
          checked={hide}
          onChange={(e) => setHide(e.currentTarget.checked)}
          label={t("board.hide_out")}
          data-testid="hide-signed-out"
        />
      </Group>
      {agents.length === 0 ? (
        <Nothing title={t("board.noagents")} />
      ) : (
        <div className="scroll-x">
          <table className="live" style={LEAST}>
            <thead>
              <tr>
                <th>{t("board.agent")}</th>
                <th style={{ width: 156 }}>{t("board.state")}</th>
                <th className="end" style={{ width: 74 }}>
                  {t("board.for")}
                </th>
                <th className="end" style={{ width: 84 }}>
                  {t("board.handled")}
                </th>
                <th className="mid" style={{ width: 58 }}>
                  {t("board.reach")}
                </th>
              </tr>
            </thead>
            <tbody>
              {agents.map((a) => (
                <AgentRow
                  key={a.id}
                  agent={a}
                  state={t(`state.${a.state}`)}
                  reason={
                    a.state === "paused" && a.reason ? reasonName(floor.pause_reasons, a.reason, words) : ""
                  }
                  reach={t(a.reachable ? "board.reachable" : "board.notreachable")}
                  for_s={Math.floor((now - a.since) / 1000)}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
});

interface RowProps {
  agent: AgentView;
  state: string;
  reason: string;
  reach: string;
  for_s: number;
}

/** Drawn again only when what it shows is different: a floor of hundreds changes many times a second. */
const AgentRow = memo(function AgentRow({ agent, state, reason, reach, for_s }: RowProps) {
  const Icon = agent.reachable ? IconPhone : IconPhoneOff;
  return (
    <tr data-testid={`agent-${agent.id}`} data-state={agent.state}>
      <td className="name" title={agent.name}>
        {agent.name}
      </td>
      <td>
        <span className="state">
          <Dot color={STATE_COLOR[agent.state]} />
          {state}
          {reason ? <span className="dim">{reason}</span> : null}
        </span>
      </td>
      <td className="num end">{clock(for_s)}</td>
      <td className="num end">{clock(agent.handled_s)}</td>
      <td className="dim mid">
        <Icon size={15} role="img" aria-label={reach} />
      </td>
    </tr>
  );
});
