import { Table } from "@mantine/core";
import { useCallback } from "react";
import { api } from "../shared/api";
import { useFresh } from "../shared/hooks";
import { Legend, type Part } from "../shared/Legend";
import { spanQuery } from "../shared/SpanPicker";
import type { AgentLine, AgentReport } from "../shared/schema";
import { Failed, Loading, Nothing, Panel } from "../shared/states";
import { clock, clockOr } from "../shared/time";
import { useWords } from "../shared/words";
import { Head, type ReportProps } from "./ReportsPage";
import { Stacked } from "./Stacked";

const FRESH_MS = 60_000;

export function AgentsReport({ span }: ReportProps) {
  const { t } = useWords();
  const query = spanQuery(span);
  const { data, error, reload } = useFresh(
    useCallback(() => api.get<AgentReport>(`/api/reports/agents?${query}`), [query]),
    FRESH_MS,
  );
  if (error) return <Failed error={error} retry={reload} />;
  if (!data) return <Loading />;
  const outgoing = (a: AgentLine) => a.outgoing_talk_s + a.outgoing_hold_s + a.outgoing_wrap_s;
  const worked = (a: AgentLine) => a.talk_s + a.hold_s + a.wrap_s + outgoing(a);
  const parts: Part[] = [
    { name: t("history.talk"), color: "var(--mantine-color-teal-6)" },
    { name: t("history.hold"), color: "var(--mantine-color-yellow-5)" },
    { name: t("wrap.title"), color: "var(--mantine-color-violet-4)" },
    { name: t("reports.dialled"), color: "var(--mantine-color-blue-4)" },
  ];
  const agents = [...data.agents].sort((a, b) => worked(b) - worked(a));
  const most = Math.max(1, ...agents.map(worked));
  return (
    <Panel testid="report-table" label={t("reports.agents")}>
      <Head title={t("reports.agents")} href={`/api/reports/agents?${query}&format=csv`}>
        <Legend parts={parts} />
      </Head>
      {agents.length ? (
        <Table.ScrollContainer type="native" minWidth={1050}>
          <Table className="board-table figures" verticalSpacing={6}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("board.agent")}</Table.Th>
                <Table.Th>{t("reports.offers")}</Table.Th>
                <Table.Th>{t("board.answered")}</Table.Th>
                <Table.Th>{t("reports.missed")}</Table.Th>
                <Table.Th>{t("reports.rejected")}</Table.Th>
                <Table.Th>{t("reports.transferred")}</Table.Th>
                <Table.Th>{t("board.aht")}</Table.Th>
                <Table.Th>{t("reports.dialled")}</Table.Th>
                <Table.Th className="wide">{t("reports.time")}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {agents.map((a) => (
                <Table.Tr key={a.agent} data-testid={`report-${a.agent}`}>
                  <Table.Td>{a.agent_name}</Table.Td>
                  <Table.Td>{a.offered}</Table.Td>
                  <Table.Td fw={600}>{a.answered}</Table.Td>
                  <Table.Td className={a.missed ? "late" : ""}>{a.missed}</Table.Td>
                  <Table.Td>{a.rejected}</Table.Td>
                  <Table.Td>{a.transferred}</Table.Td>
                  <Table.Td>{clockOr(a.aht_s)}</Table.Td>
                  <Table.Td title={t("reports.reached", a.reached)}>{a.outgoing}</Table.Td>
                  <Table.Td className="wide">
                    <Stacked
                      most={most}
                      parts={[a.talk_s, a.hold_s, a.wrap_s, outgoing(a)].map((value, n) => ({
                        ...(parts[n] as Part),
                        value,
                      }))}
                      said={clock}
                    />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      ) : (
        <Nothing title={t("reports.none")} help={t("reports.none.help")} />
      )}
    </Panel>
  );
}
