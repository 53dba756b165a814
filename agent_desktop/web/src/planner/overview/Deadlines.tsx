/** What has to be published by when: next month by the 25th, next year before December. */

import { Badge, Button, Table, Text } from "@mantine/core";
import { useCallback } from "react";
import { api } from "../../shared/api";
import { dateWords, periodWords } from "../../shared/format";
import { useFresh } from "../../shared/hooks";
import { go } from "../../shared/path";
import type { DeadlineShown } from "../../shared/schema";
import { Failed, Loading, Nothing, Panel } from "../../shared/states";
import { moment } from "../../shared/time";
import { useWords, type Words } from "../../shared/words";
import { usePlanning } from "../planning";
import { tabPath } from "../tabs";

const FRESH_MS = 60_000;
const COLORS: Record<DeadlineShown["state"], string> = {
  missed: "red",
  due_soon: "orange",
  open: "gray",
  published: "teal",
  late: "teal",
};
/** What is urgent first. */
const ORDER: readonly DeadlineShown["state"][] = ["missed", "due_soon", "open", "late", "published"];

export function Deadlines() {
  const { t, language } = useWords();
  const { done, writes } = usePlanning();
  const { data, error, reload } = useFresh(
    // biome-ignore lint/correctness/useExhaustiveDependencies: a forecast that is done may have been published
    useCallback(() => api.get<DeadlineShown[]>("/api/planning/deadlines"), [done.forecast]),
    FRESH_MS,
  );
  const rows = [...(data ?? [])].sort(
    (a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || a.due.localeCompare(b.due),
  );
  return (
    <Panel testid="deadlines" label={t("plan.due.title")}>
      <Text fw={600} mb="xs">
        {t("plan.due.title")}
      </Text>
      {error ? <Failed error={error} retry={reload} /> : null}
      {!data && !error ? <Loading /> : null}
      {data && !rows.length ? <Nothing title={t("plan.due.none")} /> : null}
      {rows.length ? (
        <Table.ScrollContainer type="native" minWidth={760}>
          <Table verticalSpacing={5} className="board-table">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("plan.series")}</Table.Th>
                <Table.Th>{t("plan.due.what")}</Table.Th>
                <Table.Th>{t("plan.due.by")}</Table.Th>
                <Table.Th>{t("plan.due.state")}</Table.Th>
                <Table.Th>{t("plan.due.published")}</Table.Th>
                <Table.Th />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map((one) => (
                <Table.Tr
                  key={`${one.series} ${one.kind} ${one.period}`}
                  data-testid={`due-${one.series}-${one.period}`}
                  data-state={one.state}
                >
                  <Table.Td>{one.series_name}</Table.Td>
                  <Table.Td>{periodWords(one.period, language)}</Table.Td>
                  <Table.Td className="num">{dateWords(one.due, language)}</Table.Td>
                  <Table.Td>
                    <Badge variant="light" tt="none" color={COLORS[one.state]}>
                      {dueWords(one, t)}
                    </Badge>
                  </Table.Td>
                  <Table.Td className="dim num">
                    {one.published_at
                      ? t("plan.due.who", moment(one.published_at, language), one.published_by)
                      : ""}
                  </Table.Td>
                  <Table.Td ta="right">
                    {writes && !one.published_at ? (
                      <Button
                        size="compact-sm"
                        variant={one.state === "open" ? "subtle" : "light"}
                        onClick={() =>
                          go(
                            tabPath(
                              "forecast",
                              `?series=${encodeURIComponent(one.series)}&run=${one.kind}&period=${one.period}`,
                            ),
                          )
                        }
                        aria-label={t("plan.due.do.of", one.series_name, periodWords(one.period, language))}
                      >
                        {t("plan.due.do")}
                      </Button>
                    ) : null}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      ) : null}
    </Panel>
  );
}

export function dueWords(one: DeadlineShown, t: Words["t"]): string {
  if (one.state === "published") return t("plan.due.in_time");
  if (one.state === "late") return t("plan.due.late");
  if (one.state === "missed") return t("plan.due.missed", Math.abs(one.days_left));
  if (one.days_left === 0) return t("plan.due.today");
  return t("plan.due.left", one.days_left);
}
