import { Table } from "@mantine/core";
import { useCallback } from "react";
import { api } from "../shared/api";
import { useFresh } from "../shared/hooks";
import { Legend } from "../shared/Legend";
import { useLevel } from "../shared/level";
import { spanQuery } from "../shared/SpanPicker";
import type { SourceReport } from "../shared/schema";
import { Failed, Loading, Nothing, Panel } from "../shared/states";
import { clockOr, percent } from "../shared/time";
import { useWords } from "../shared/words";
import { Head, type ReportProps } from "./ReportsPage";
import { Stacked } from "./Stacked";

const FRESH_MS = 60_000;
/** Ways a call ends that have a colour of their own; the others are put together. */
const SHOWN = [
  ["answered", "var(--mantine-color-teal-6)"],
  ["self_served", "var(--mantine-color-blue-5)"],
  ["abandoned", "var(--mantine-color-orange-5)"],
] as const;
const OTHER = "var(--mantine-color-gray-5)";

export function SourcesReport({ span }: ReportProps) {
  const { t } = useWords();
  const [level] = useLevel();
  const query = spanQuery(span);
  const { data, error, reload } = useFresh(
    useCallback(() => api.get<SourceReport>(`/api/reports/sources?${query}`), [query]),
    FRESH_MS,
  );
  if (error) return <Failed error={error} retry={reload} />;
  if (!data) return <Loading />;
  const sources = [...data.sources].sort((a, b) => b.calls - a.calls);
  const most = Math.max(1, ...sources.map((one) => one.calls));
  const of = (outcomes: Record<string, number>, name: string) => outcomes[name] ?? 0;
  return (
    <Panel testid="report-table" label={t("reports.sources")}>
      <Head title={t("reports.sources")} href={`/api/reports/sources?${query}&format=csv`}>
        <Legend
          parts={[
            ...SHOWN.map(([name, color]) => ({ name: t(`outcome.${name}`), color })),
            { name: t("reports.other"), color: OTHER },
          ]}
        />
      </Head>
      {sources.length ? (
        <Table.ScrollContainer type="native" minWidth={900}>
          <Table className="board-table figures" verticalSpacing={6}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("history.dialled")}</Table.Th>
                <Table.Th className="left">{t("field.source")}</Table.Th>
                <Table.Th className="wide">{t("reports.calls")}</Table.Th>
                <Table.Th>{t("outcome.answered")}</Table.Th>
                <Table.Th>{t("outcome.self_served")}</Table.Th>
                <Table.Th>{t("outcome.abandoned")}</Table.Th>
                <Table.Th>{t("outcome.voicemail")}</Table.Th>
                <Table.Th>{t("board.service")}</Table.Th>
                <Table.Th>{t("board.asa")}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {sources.map((one) => {
                const parts = SHOWN.map(([name, color]) => ({
                  name: t(`outcome.${name}`),
                  value: of(one.outcomes, name),
                  color,
                }));
                const rest = one.calls - parts.reduce((sum, part) => sum + part.value, 0);
                return (
                  <Table.Tr key={one.dialled}>
                    <Table.Td className="num">{one.dialled || t("reports.no_number")}</Table.Td>
                    <Table.Td className="left">{one.source}</Table.Td>
                    <Table.Td className="wide">
                      <Stacked
                        most={most}
                        parts={[...parts, { name: t("reports.other"), value: rest, color: OTHER }]}
                        said={String}
                      />
                    </Table.Td>
                    {parts.map((part) => (
                      <Table.Td key={part.name}>{part.value}</Table.Td>
                    ))}
                    <Table.Td>{of(one.outcomes, "voicemail")}</Table.Td>
                    <Table.Td fw={600}>{percent(one.service_level[level])}</Table.Td>
                    <Table.Td>{clockOr(one.asa_s)}</Table.Td>
                  </Table.Tr>
                );
              })}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      ) : (
        <Nothing title={t("reports.none")} help={t("reports.none.help")} />
      )}
    </Panel>
  );
}
