import { Group, Switch, Table, Text } from "@mantine/core";
import { IconPhone, IconPhoneOff } from "@tabler/icons-react";
import { useState } from "react";
import { Dot } from "../shared/Dot";
import type { Floor } from "../shared/floor";
import { STATE_COLOR } from "../shared/stateColor";
import { Nothing } from "../shared/states";
import { clock } from "../shared/time";
import type { AgentState } from "../shared/types";
import { useWords } from "../shared/words";
import { reasonName } from "../shared/words/choice";

const ORDER: AgentState[] = [
  "missed",
  "offered",
  "on_contact",
  "wrap_up",
  "available",
  "paused",
  "signed_out",
];

export function AgentTable({ floor, now }: { floor: Floor; now: number }) {
  const words = useWords();
  const { t } = words;
  const [hide, setHide] = useState(true);
  const all = Object.values(floor.agents);
  const agents = all
    .filter((a) => !hide || a.state !== "signed_out")
    .sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || a.name.localeCompare(b.name));
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
        <Table.ScrollContainer type="native" minWidth={380}>
          <Table className="board-table" verticalSpacing={5}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("board.agent")}</Table.Th>
                <Table.Th>{t("board.state")}</Table.Th>
                <Table.Th ta="right">{t("board.for")}</Table.Th>
                <Table.Th ta="right">{t("board.handled")}</Table.Th>
                <Table.Th ta="center">{t("board.reach")}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {agents.map((a) => (
                <Table.Tr key={a.id} data-testid={`agent-${a.id}`} data-state={a.state}>
                  <Table.Td>{a.name}</Table.Td>
                  <Table.Td>
                    <Group gap={7} wrap="nowrap">
                      <Dot color={STATE_COLOR[a.state]} />
                      {t(`state.${a.state}`)}
                      {a.state === "paused" && a.reason ? (
                        <span className="dim">{reasonName(floor.pause_reasons, a.reason, words)}</span>
                      ) : null}
                    </Group>
                  </Table.Td>
                  <Table.Td className="num" ta="right">
                    {clock((now - a.since) / 1000)}
                  </Table.Td>
                  <Table.Td className="num" ta="right">
                    {clock(a.handled_s)}
                  </Table.Td>
                  <Table.Td ta="center" className="dim">
                    {a.reachable ? (
                      <IconPhone size={15} role="img" aria-label={t("board.reachable")} />
                    ) : (
                      <IconPhoneOff size={15} role="img" aria-label={t("board.notreachable")} />
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </>
  );
}
