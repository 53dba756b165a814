import { Group, Select, Stack, Table } from "@mantine/core";
import { useCallback } from "react";
import { byName } from "../board/byName";
import { useLive } from "../session/session";
import { api } from "../shared/api";
import { useFresh } from "../shared/hooks";
import { LevelPicker } from "../shared/LevelPicker";
import { serviceLevel, useLevel } from "../shared/level";
import { useSearch } from "../shared/path";
import { spanQuery } from "../shared/SpanPicker";
import type { Counted, QueueReport } from "../shared/schema";
import { length } from "../shared/span";
import { Failed, Loading, Nothing, Panel } from "../shared/states";
import { clockOr, percent } from "../shared/time";
import { useWords } from "../shared/words";
import { Chart } from "./Chart";
import { barLabel, type Interval, summed, usualInterval } from "./intervals";
import { Head, type ReportProps } from "./ReportsPage";

const FRESH_MS = 60_000;
const INTERVALS: readonly Interval[] = ["15", "30", "60", "day"];

export function QueuesReport({ span }: ReportProps) {
  const { t } = useWords();
  const { floor } = useLive();
  const [search, change] = useSearch();
  const [level] = useLevel();
  const days = length(span);
  const chosen = search.get("queue") ?? "";
  const interval = INTERVALS.find((one) => one === search.get("interval")) ?? usualInterval(days);
  const query = spanQuery(span) + (chosen ? `&queue=${encodeURIComponent(chosen)}` : "");
  const { data, error, reload } = useFresh(
    useCallback(
      () => api.get<QueueReport>(`/api/reports/queues?${query}&interval=${interval}`),
      [query, interval],
    ),
    FRESH_MS,
  );
  const rows = summed(data?.intervals ?? [], interval);
  const csv = `/api/reports/queues?${query}&format=csv`;
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <Group gap="xs">
          <Select
            w={200}
            aria-label={t("history.queue")}
            placeholder={t("reports.all_queues")}
            data={Object.values(floor.queues)
              .sort(byName)
              .map((q) => ({ value: q.id, label: q.name }))}
            value={chosen || null}
            onChange={(next) => change({ queue: next ?? "" })}
            clearable
            searchable
            nothingFoundMessage={t("field.nothing")}
            data-testid="report-queue"
          />
          <Select
            w={130}
            aria-label={t("reports.interval")}
            data={INTERVALS.map((one) => ({ value: one, label: t(`interval.${one}`) }))}
            value={interval}
            onChange={(next) => change({ interval: next ?? "" })}
            allowDeselect={false}
            data-testid="report-interval"
          />
        </Group>
        <LevelPicker />
      </Group>
      {error ? <Failed error={error} retry={reload} /> : null}
      {!data && !error ? <Loading /> : null}
      {data && !data.queues.length ? (
        <Panel>
          <Nothing title={t("reports.none")} help={t("reports.none.help")} />
        </Panel>
      ) : null}
      {data?.queues.length ? (
        <>
          <Panel testid="report-chart" label={t("reports.over_time")}>
            <Head title={t("reports.over_time")} href={`${csv}&interval=${interval}`} />
            <Chart
              title={t("reports.over_time")}
              shareName={t("board.service")}
              parts={[
                { name: t("board.answered"), color: "var(--mantine-color-teal-6)" },
                { name: t("board.abandoned"), color: "var(--mantine-color-orange-5)" },
                { name: t("reports.elsewhere"), color: "var(--mantine-color-gray-5)" },
              ]}
              bars={rows.map((row) => ({
                label: barLabel(row.local, interval, days),
                values: [row.answered, row.abandoned, row.offered - row.answered - row.abandoned],
                share: serviceLevel(level, row),
              }))}
            />
          </Panel>
          <Panel testid="report-table" label={t("reports.queues")}>
            <Head title={t("reports.queues")} href={csv} />
            <Table.ScrollContainer type="native" minWidth={1000}>
              <Table className="board-table figures" verticalSpacing={6}>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{t("board.queue")}</Table.Th>
                    {COLUMNS.map((name) => (
                      <Table.Th key={name} ta="right">
                        {t(name)}
                      </Table.Th>
                    ))}
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {data.queues.map((one) => (
                    <Table.Tr key={one.queue} data-testid={`report-${one.queue}`}>
                      <Table.Td>{one.queue_name}</Table.Td>
                      <Cells figures={one} />
                    </Table.Tr>
                  ))}
                </Table.Tbody>
                {data.queues.length > 1 ? (
                  <Table.Tfoot>
                    <Table.Tr>
                      <Table.Th>{t("reports.total")}</Table.Th>
                      <Cells figures={data.total} />
                    </Table.Tr>
                  </Table.Tfoot>
                ) : null}
              </Table>
            </Table.ScrollContainer>
          </Panel>
        </>
      ) : null}
    </Stack>
  );
}

const COLUMNS = [
  "board.offered",
  "board.answered",
  "board.abandoned",
  "reports.short",
  "reports.other",
  "board.service",
  "reports.abandonment",
  "board.asa",
  "board.longest",
  "board.aht",
  "reports.transferred",
] as const;

function Cells({ figures }: { figures: Counted }) {
  const { t } = useWords();
  const [level] = useLevel();
  const elsewhere: [number, string][] = [
    [figures.overflowed, t("outcome.overflowed")],
    [figures.callback, t("outcome.callback")],
    [figures.voicemail, t("outcome.voicemail")],
    [figures.refused, t("outcome.refused")],
    [figures.lost, t("outcome.lost")],
  ];
  const ways = elsewhere.filter(([n]) => n > 0);
  return (
    <>
      <Table.Td>{figures.offered}</Table.Td>
      <Table.Td>{figures.answered}</Table.Td>
      <Table.Td>{figures.abandoned}</Table.Td>
      <Table.Td>{figures.short_abandoned}</Table.Td>
      <Table.Td title={ways.map(([n, name]) => `${name} ${n}`).join(" · ")}>
        {ways.reduce((sum, [n]) => sum + n, 0)}
      </Table.Td>
      <Table.Td fw={600}>{percent(figures.service_level[level])}</Table.Td>
      <Table.Td>{percent(figures.abandonment)}</Table.Td>
      <Table.Td>{clockOr(figures.asa_s)}</Table.Td>
      <Table.Td>{clockOr(figures.longest_s)}</Table.Td>
      <Table.Td>{clockOr(figures.aht_s)}</Table.Td>
      <Table.Td>{figures.transferred}</Table.Td>
    </>
  );
}
