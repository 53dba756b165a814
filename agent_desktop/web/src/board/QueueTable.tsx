import { Table, Text } from "@mantine/core";
import type { Floor } from "../shared/floor";
import { Nothing } from "../shared/states";
import { clockOr, percent } from "../shared/time";
import { useWords } from "../shared/words";

export function QueueTable({ floor, now }: { floor: Floor; now: number }) {
  const { t } = useWords();
  const queues = Object.values(floor.queues).sort((a, b) => a.name.localeCompare(b.name));
  if (!queues.length) return <Nothing title={t("board.noqueues")} />;
  return (
    <Table.ScrollContainer type="native" minWidth={700}>
      <Table className="board-table" verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("board.queue")}</Table.Th>
            {(
              [
                "waiting",
                "longest",
                "available",
                "staffed",
                "offered",
                "answered",
                "abandoned",
                "service",
                "target",
                "asa",
              ] as const
            ).map((name) => (
              <Table.Th key={name} ta="right">
                {t(`board.${name}`)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {queues.map((q) => {
            const wait_s = q.oldest === null ? null : (now - q.oldest) / 1000;
            const late = wait_s !== null && wait_s > q.target_s;
            const below = q.service_level !== null && q.service_level < q.target_share;
            return (
              <Table.Tr key={q.id} data-testid={`queue-${q.id}`}>
                <Table.Td fw={600}>{q.name}</Table.Td>
                <Table.Td className="num" ta="right" fw={q.waiting ? 700 : 400} data-testid="queue-waiting">
                  {q.waiting}
                </Table.Td>
                <Table.Td className="num" ta="right" c={late ? "orange" : undefined} fw={late ? 700 : 400}>
                  {clockOr(wait_s)}
                </Table.Td>
                <Table.Td className="num" ta="right">
                  {q.available}
                </Table.Td>
                <Table.Td className="num" ta="right">
                  {q.staffed}
                </Table.Td>
                <Table.Td className="num" ta="right">
                  {q.offered}
                </Table.Td>
                <Table.Td className="num" ta="right">
                  {q.answered}
                </Table.Td>
                <Table.Td className="num" ta="right">
                  {q.abandoned}
                </Table.Td>
                <Table.Td
                  className="num"
                  ta="right"
                  c={below ? "orange" : undefined}
                  fw={600}
                  data-testid="queue-service"
                >
                  {percent(q.service_level)}
                </Table.Td>
                <Table.Td ta="right">
                  <Text span size="sm" className="dim num">
                    {t("board.within", percent(q.target_share), q.target_s)}
                  </Text>
                </Table.Td>
                <Table.Td className="num" ta="right">
                  {clockOr(q.asa_s)}
                </Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
