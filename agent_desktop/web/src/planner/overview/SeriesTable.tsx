/** The series there are, and how each of them does. */

import { Badge, Table } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { MouseEvent } from "react";
import { callsWords, spanWords } from "../../shared/format";
import { go } from "../../shared/path";
import type { SeriesShown } from "../../shared/schema";
import { useWords } from "../../shared/words";
import { modelWords } from "../models";
import { type PlanningTab, tabPath } from "../tabs";

interface Props {
  series: readonly SeriesShown[];
  onEdit?: ((series: SeriesShown) => void) | undefined;
}

export function SeriesTable({ series, onEdit }: Props) {
  const { t, language } = useWords();
  const link = (tab: PlanningTab, one: SeriesShown) => {
    const href = tabPath(tab, `?series=${encodeURIComponent(one.id)}`);
    return {
      href,
      className: "link",
      onClick: (event: MouseEvent) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        go(href);
      },
    };
  };
  return (
    <Table.ScrollContainer type="native" minWidth={960}>
      <Table verticalSpacing={6} className="board-table figures">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("plan.series")}</Table.Th>
            <Table.Th className="left">{t("plan.series.source")}</Table.Th>
            <Table.Th className="left">{t("plan.series.history")}</Table.Th>
            <Table.Th>{t("plan.series.interval")}</Table.Th>
            <Table.Th>{t("plan.series.per_day")}</Table.Th>
            <Table.Th>{t("plan.series.findings")}</Table.Th>
            <Table.Th className="left">{t("plan.series.model")}</Table.Th>
            <Table.Th />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {series.map((one) => (
            <Table.Tr key={one.id} data-testid={`series-${one.id}`}>
              <Table.Td>
                <a {...link("history", one)}>
                  <b>{one.name}</b>
                </a>
                {one.alarm ? (
                  <IconAlertTriangle
                    size={15}
                    color="var(--cf-late)"
                    style={{ marginLeft: 6, verticalAlign: "-2px" }}
                    role="img"
                    aria-label={t("plan.alarm.sounds", one.name)}
                  />
                ) : null}
              </Table.Td>
              <Table.Td className="left">
                {t(`plan.source.${one.source}`)} {one.key ? <span className="dim">{one.key}</span> : null}
              </Table.Td>
              <Table.Td className="left">
                {one.first && one.last ? (
                  spanWords(one.first, one.last, language)
                ) : (
                  <span className="dim">{t("plan.series.empty")}</span>
                )}
              </Table.Td>
              <Table.Td>{t("unit.min.of", one.interval_min)}</Table.Td>
              <Table.Td>{callsWords(one.calls_per_day, language)}</Table.Td>
              <Table.Td>
                {one.open_findings ? (
                  <a {...link("history", one)}>
                    <Badge variant="light" color="orange" tt="none">
                      {t("plan.series.open", one.open_findings)}
                    </Badge>
                  </a>
                ) : (
                  ""
                )}
              </Table.Td>
              <Table.Td className="left">{modelWords(one.model, t)}</Table.Td>
              <Table.Td>
                <a {...link("forecast", one)} style={{ marginInlineEnd: 16 }}>
                  {t("plan.tab.forecast")}
                </a>
                {onEdit ? (
                  <button
                    type="button"
                    className="link"
                    style={{ fontWeight: 400 }}
                    onClick={() => onEdit(one)}
                    aria-label={t("admin.edit", one.name)}
                    data-testid="series-edit"
                  >
                    {t("plan.edit")}
                  </button>
                ) : null}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
