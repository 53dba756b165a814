import { Badge, Group, Table, Text } from "@mantine/core";
import type { Floor } from "../shared/floor";
import { PHASE_COLOR } from "../shared/stateColor";
import { Nothing } from "../shared/states";
import { clock } from "../shared/time";
import { useWords } from "../shared/words";

/** Most rows drawn at once: a board is read, not scrolled. */
const MOST = 60;

export function CallTable({ floor, now }: { floor: Floor; now: number }) {
  const { t } = useWords();
  const calls = Object.values(floor.calls)
    .filter((c) => c.phase !== "ended")
    .sort((a, b) => a.started - b.started);
  return (
    <>
      <Group mb={6}>
        <Text fw={600}>
          {t("board.calls")} <span className="dim num">{calls.length}</span>
        </Text>
      </Group>
      {calls.length === 0 ? (
        <Nothing title={t("board.nocalls")} />
      ) : (
        <Table.ScrollContainer type="native" minWidth={380}>
          <Table className="board-table" verticalSpacing={5}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("board.caller")}</Table.Th>
                <Table.Th>{t("board.phase")}</Table.Th>
                <Table.Th ta="right">{t("board.for")}</Table.Th>
                <Table.Th>{t("board.queue")}</Table.Th>
                <Table.Th>{t("board.agent")}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {calls.slice(0, MOST).map((c) => (
                <Table.Tr key={c.id} data-testid={`call-${c.id}`} data-phase={c.phase}>
                  <Table.Td>
                    <Text size="sm">{c.customer_name || c.caller || t("call.anonymous")}</Text>
                    {c.tier_name ? (
                      <Text size="xs" className="dim">
                        {c.tier_name}
                      </Text>
                    ) : null}
                  </Table.Td>
                  <Table.Td>
                    <Badge variant="light" tt="none" color={PHASE_COLOR[c.phase]}>
                      {t(`call.phase.${c.phase}`)}
                    </Badge>
                  </Table.Td>
                  <Table.Td className="num" ta="right">
                    {clock((now - c.at) / 1000)}
                  </Table.Td>
                  <Table.Td>{c.queue_name}</Table.Td>
                  <Table.Td>{c.agent_name}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </>
  );
}
