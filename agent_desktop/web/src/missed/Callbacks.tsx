/** Places kept for people who will be called back: callers who chose it, and those somebody asked for. */

import { Button, Table, Text } from "@mantine/core";
import { api } from "../shared/api";
import type { Floor } from "../shared/floor";
import { useCommand } from "../shared/hooks";
import { Failed, Panel } from "../shared/states";
import { moment } from "../shared/time";
import { useWords } from "../shared/words";

export function Callbacks({ floor, mayAct }: { floor: Floor; mayAct: boolean }) {
  const { t, language } = useWords();
  const { run, error, clear } = useCommand();
  const kept = Object.values(floor.callbacks).sort((a, b) => a.since - b.since);
  if (!kept.length && !error) return null;
  return (
    <Panel testid="callbacks" label={t("missed.callbacks")}>
      <Text fw={600} mb={6}>
        {t("missed.callbacks")} <span className="dim num">{kept.length}</span>
      </Text>
      {error ? <Failed error={error} onClose={clear} /> : null}
      <Table.ScrollContainer type="native" minWidth={700}>
        <Table className="board-table" verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("missed.number")}</Table.Th>
              <Table.Th>{t("history.queue")}</Table.Th>
              <Table.Th>{t("missed.since")}</Table.Th>
              <Table.Th>{t("missed.expires")}</Table.Th>
              {mayAct ? <Table.Th /> : null}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {kept.map((one) => (
              <Table.Tr key={one.id} data-testid={`callback-${one.id}`}>
                <Table.Td className="num">{one.number}</Table.Td>
                <Table.Td>{one.queue_name}</Table.Td>
                <Table.Td className="num">{moment(one.since, language)}</Table.Td>
                <Table.Td className="num">{moment(one.expires, language)}</Table.Td>
                {mayAct ? (
                  <Table.Td ta="right">
                    <Button
                      size="compact-sm"
                      variant="subtle"
                      color="gray"
                      onClick={() =>
                        void run(() => api.drop(`/api/floor/callbacks/${encodeURIComponent(one.id)}`))
                      }
                      aria-label={`${t("missed.forget")}: ${one.number}`}
                      data-testid="callback-forget"
                    >
                      {t("missed.forget")}
                    </Button>
                  </Table.Td>
                ) : null}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Panel>
  );
}
