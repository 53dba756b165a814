/** What is to come: made by the best model, looked at, overridden where somebody knows more, published. */

import { Group, Stack, Tabs } from "@mantine/core";
import { useCallback, useEffect, useRef, useState } from "react";
import { api } from "../../shared/api";
import { useLoad } from "../../shared/hooks";
import { useSearch } from "../../shared/path";
import type { ForecastShown, PreviewShown, SeriesShown } from "../../shared/schema";
import { Failed, Loading, Nothing, Panel } from "../../shared/states";
import { useWords } from "../../shared/words";
import { usePlanning } from "../planning";
import { Backtests } from "./Backtests";
import { Comparison } from "./Comparison";
import { ForecastPlot } from "./ForecastPlot";
import { ForecastSelect } from "./ForecastSelect";
import { Overrides } from "./Overrides";
import { RunForm } from "./RunForm";
import { Summary } from "./Summary";

const PARTS = ["overrides", "comparison", "backtest"] as const;

export function ForecastTab({ series }: { series: SeriesShown }) {
  const { t } = useWords();
  const { done, latest } = usePlanning();
  const [search, change] = useSearch();
  const { data, error, reload } = useLoad(
    // biome-ignore lint/correctness/useExhaustiveDependencies: one more has been made
    useCallback(
      () => api.get<ForecastShown[]>(`/api/planning/series/${encodeURIComponent(series.id)}/forecasts`),
      [series.id, done.forecast],
    ),
  );
  // What has just been made is what one wants to see.
  const seen = useRef(latest);
  useEffect(() => {
    if (latest === seen.current) return;
    seen.current = latest;
    if (latest?.kind === "forecast" && latest.series === series.id && latest.result !== null)
      change({ forecast: String(latest.result), run: "", period: "" });
  }, [latest, series.id, change]);
  const asked = Number(search.get("forecast"));
  const forecast = data?.find((one) => one.id === asked) ?? data?.[0] ?? null;
  const part = PARTS.find((one) => one === search.get("part")) ?? "overrides";
  const [preview, setPreview] = useState<PreviewShown | null>(null);
  /** Goes up with each override made or withdrawn. */
  const [round, setRound] = useState(0);
  const changed = () => {
    setRound((n) => n + 1);
    reload();
  };
  return (
    <Stack gap="sm">
      <Panel testid="forecast-make" label={t("plan.forecast.make")}>
        <Group justify="space-between" gap="md" wrap="nowrap" align="flex-end">
          <RunForm series={series} />
          {forecast && data ? (
            <ForecastSelect
              forecasts={data}
              forecast={forecast}
              onChoose={(id) => change({ forecast: String(id), requirement: "" })}
            />
          ) : null}
        </Group>
      </Panel>
      {error ? <Failed error={error} retry={reload} /> : null}
      {!data && !error ? <Loading /> : null}
      {data && !forecast ? (
        <Panel>
          <Nothing
            title={t("plan.forecast.none")}
            help={t(series.first ? "plan.forecast.none.help" : "plan.history.none.help")}
          />
        </Panel>
      ) : null}
      {forecast ? (
        <Panel testid="forecast" label={t("plan.tab.forecast")}>
          <Summary forecast={forecast} onChanged={changed} />
          <ForecastPlot key={forecast.id} forecast={forecast} round={round} preview={preview} />
        </Panel>
      ) : null}
      <Tabs
        value={part}
        onChange={(next) => change({ part: next === "overrides" ? "" : (next ?? "") })}
        keepMounted={false}
        activateTabWithKeyboard={false}
      >
        <Tabs.List aria-label={t("plan.tab.forecast")}>
          {PARTS.map((one) => (
            <Tabs.Tab key={one} value={one} data-testid={`part-${one}`}>
              {t(`plan.part.${one}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={part} pt="sm">
          {part === "backtest" ? (
            <Backtests series={series} />
          ) : forecast ? (
            part === "overrides" ? (
              <Overrides key={forecast.id} forecast={forecast} onChanged={changed} onPreview={setPreview} />
            ) : (
              <Comparison key={forecast.id} forecast={forecast} />
            )
          ) : null}
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}
