/** The agents for the wall screen: how many are in which state, then one tile each, as many as fit. */

import { Group, Text } from "@mantine/core";
import { memo } from "react";
import { Dot } from "../shared/Dot";
import type { Floor } from "../shared/floor";
import { STATE_COLOR } from "../shared/stateColor";
import { clock } from "../shared/time";
import type { AgentView } from "../shared/types";
import { useWords } from "../shared/words";
import { inOrder, ORDER } from "./inOrder";

export function AgentWall({ floor, now }: { floor: Floor; now: number }) {
  const { t } = useWords();
  const agents = inOrder(floor, false);
  const states = ORDER.filter((state) => state !== "signed_out");
  return (
    <>
      <Group gap="4px 22px" mb="sm">
        {states.map((state) => (
          <Group key={state} gap={7} wrap="nowrap">
            <Dot color={STATE_COLOR[state]} />
            <Text>{t(`state.${state}`)}</Text>
            <Text fw={700} className="num">
              {agents.filter((a) => a.state === state).length}
            </Text>
          </Group>
        ))}
      </Group>
      <div className="wall-agents">
        {agents.map((a) => (
          <Tile
            key={a.id}
            agent={a}
            state={t(`state.${a.state}`)}
            for_s={Math.floor((now - a.since) / 1000)}
          />
        ))}
      </div>
    </>
  );
}

const Tile = memo(function Tile({ agent, state, for_s }: { agent: AgentView; state: string; for_s: number }) {
  return (
    <div
      className="wall-agent"
      title={`${agent.name} · ${state}`}
      data-testid={`agent-${agent.id}`}
      data-state={agent.state}
    >
      <Dot color={STATE_COLOR[agent.state]} />
      <span className="name">{agent.name}</span>
      <span className="num dim">{clock(for_s)}</span>
    </div>
  );
});
