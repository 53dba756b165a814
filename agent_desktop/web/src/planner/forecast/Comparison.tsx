/** Machine against human, over what has come so far: who was closer, in all and day by day. */

import { Group, Table, Text } from "@mantine/core";
import { useCallback } from "react";
import { api } from "../../shared/api";
import { callsWords, dayWords, percentWords } from "../../shared/format";
import { useLoad } from "../../shared/hooks";
import type { ComparisonShown, ForecastShown, SideFigures } from "../../shared/schema";
import { Failed, Loading, Nothing, Panel } from "../../shared/states";
import { useWords } from "../../shared/words";
import { Closer } from "./Closer";

export function Comparison({ forecast }: { forecast: ForecastShown }) {
  const { t, language } = useWords();
  const { data, error, reload } = useLoad(
    useCallback(
      () => api.get<ComparisonShown>(`/api/planning/forecasts/${forecast.id}/comparison`),
      [forecast.id],
    ),
  );
  if (error) return <Failed error={error} retry={reload} />;
  if (!data) return <Loading />;
  if (!data.intervals)
    return (
      <Panel testid="comparison" label={t("plan.part.comparison")}>
        <Nothing title={t("plan.compare.none")} help={t("plan.compare.none.help")} />
      </Panel>
    );
  const sides: [string, SideFigures][] = [
    [t("plan.closer.machine"), data.machine],
    [t("plan.closer.human"), data.human],
  ];
  return (
    <Panel testid="comparison" label={t("plan.part.comparison")}>
      <Group gap="md" mb="sm">
        <Text fw={600}>{t("plan.compare.closer")}</Text>
        <Closer closer={data.closer} />
        <Text size="sm" className="dim">
          {t("plan.compare.came", callsWords(data.actual, language), data.intervals)}
        </Text>
      </Group>
      <Table verticalSpacing={5} className="figures" maw={640}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th />
            <Table.Th>{t("reports.calls")}</Table.Th>
            <Table.Th>{t("plan.error.interval")}</Table.Th>
            <Table.Th>{t("plan.error.daily")}</Table.Th>
            <Table.Th>{t("plan.error.bias")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {sides.map(([name, side]) => (
            <Table.Tr key={name}>
              <Table.Th scope="row">{name}</Table.Th>
              <Table.Td>{callsWords(side.calls, language)}</Table.Td>
              <Table.Td>{percentWords(side.wape, language)}</Table.Td>
              <Table.Td>{percentWords(side.daily_wape, language)}</Table.Td>
              <Table.Td>{percentWords(side.bias, language, true)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Table verticalSpacing={4} className="figures" maw={820} mt="md">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("plan.day")}</Table.Th>
            <Table.Th>{t("plan.line.machine")}</Table.Th>
            <Table.Th>{t("plan.closer.human")}</Table.Th>
            <Table.Th>{t("plan.line.actual")}</Table.Th>
            <Table.Th className="left">{t("plan.override.closer")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {data.days.map((one) => (
            <Table.Tr key={one.day}>
              <Table.Td>{dayWords(one.day, language, forecast.first)}</Table.Td>
              <Table.Td>{callsWords(one.machine, language)}</Table.Td>
              <Table.Td>{callsWords(one.human, language)}</Table.Td>
              <Table.Td>{callsWords(one.actual, language)}</Table.Td>
              <Table.Td className="left">
                <Closer closer={one.closer} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Panel>
  );
}
