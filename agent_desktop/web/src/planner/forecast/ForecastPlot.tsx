/** A forecast with its intervals, against what came; what came before it at its left. */

import { Group, SegmentedControl, Select } from "@mantine/core";
import { useCallback, useMemo, useState } from "react";
import { api } from "../../shared/api";
import { addDays, callsWords, figure, secondsWords, shareWords } from "../../shared/format";
import { useLoad } from "../../shared/hooks";
import { useSearch } from "../../shared/path";
import { GRAINS, type Grain } from "../../shared/plot/aggregate";
import type { Layer, Line } from "../../shared/plot/layers";
import { Overview } from "../../shared/plot/Overview";
import { Plot } from "../../shared/plot/Plot";
import { daysOf, PlotTools } from "../../shared/plot/PlotTools";
import { type Reading, Readout } from "../../shared/plot/Readout";
import { gapOf, momentText, viewText } from "../../shared/plot/timeTicks";
import { usePlotHeight } from "../../shared/plot/usePlotHeight";
import { useView } from "../../shared/plot/useView";
import { DAY, dayNumber, HOUR } from "../../shared/plot/zone";
import type { ForecastColumns, ForecastShown, HistoryShown, PreviewShown } from "../../shared/schema";
import { Failed, Loading } from "../../shared/states";
import { useWords } from "../../shared/words";
import { useClock } from "../planning";
import { type ForecastMeasure, forecastGrain, grainsOf, pictureOf } from "./picture";

interface Props {
  forecast: ForecastShown;
  /** Another one, and the forecast is loaded again. */
  round: number;
  preview: PreviewShown | null;
}

/** Lengths to choose from, in days. */
const YEARS = [91, 365] as const;
const WEEKS = [1, 7, 28] as const;
const MEASURES: readonly ForecastMeasure[] = ["calls", "aht_s", "abandonment"];
/** So many days before a forecast are shown. */
const BEFORE: Record<ForecastShown["kind"], number> = { intraday: 3, weeks: 28, month: 31, year: 365 };

export function ForecastPlot({ forecast, round, preview }: Props) {
  const { t, language } = useWords();
  const clock = useClock(forecast.zone);
  const [search, change] = useSearch();
  const height = usePlotHeight(290);
  const [cursor, setCursor] = useState<number | null>(null);
  const begin = addDays(forecast.first, -BEFORE[forecast.kind]);
  const limits = useMemo(
    () => ({
      from: clock.start(dayNumber(begin)),
      to: clock.start(dayNumber(forecast.last) + 1),
      least: forecast.kind === "year" ? 7 * DAY : 2 * HOUR,
    }),
    [begin, forecast.last, forecast.kind, clock],
  );
  const [view, move] = useView("fview", limits, limits, clock);
  const there = grainsOf(forecast);
  const asked = there.find((one) => one === search.get("fgrain"));
  const grain: Grain = asked ?? forecastGrain(forecast, view.to - view.from);
  const what = MEASURES.find((one) => one === search.get("fwhat")) ?? "calls";
  const { data, error, reload } = useLoad(
    // biome-ignore lint/correctness/useExhaustiveDependencies: an override has been made or withdrawn
    useCallback(async () => {
      // Of the day itself the morning is known, where the rest of it is forecast.
      const to = forecast.kind === "intraday" ? forecast.first : addDays(forecast.first, -1);
      const [shown, past] = await Promise.all([
        api.get<ForecastColumns>(`/api/planning/forecasts/${forecast.id}?by=${grain}`),
        api.get<HistoryShown>(
          `/api/planning/series/${encodeURIComponent(forecast.series)}/history?from=${begin}&to=${to}&by=${grain}`,
        ),
      ]);
      return { shown, past };
    }, [forecast.id, forecast.series, forecast.kind, forecast.first, begin, grain, round]),
  );
  const picture = useMemo(
    () => (data ? pictureOf(data.shown, data.past, what, preview, clock, Date.now()) : null),
    [data, what, preview, clock],
  );
  const overridden = forecast.overrides > 0;
  const layers = useMemo<Layer[]>(() => {
    if (!picture) return [];
    const line = (name: string, color: string, values: Float64Array, more: Partial<Line> = {}): Line => ({
      kind: "line",
      name,
      color,
      values,
      ...more,
    });
    return [
      {
        kind: "band",
        name: "95",
        color: "var(--cf-plot-band95)",
        low: picture.lo95,
        high: picture.hi95,
        rare: true,
      },
      { kind: "band", name: "80", color: "var(--cf-plot-band80)", low: picture.lo80, high: picture.hi80 },
      ...(overridden ? [line("machine", "var(--cf-plot-machine)", picture.machine, { dash: [4, 3] })] : []),
      line("said", "var(--cf-plot-forecast)", picture.said, { width: 1.75 }),
      line("actual", "var(--cf-plot-line)", picture.actual),
      line("preview", "var(--cf-plot-human)", picture.preview, { dash: [2, 2], width: 2 }),
    ];
  }, [picture, overridden]);
  const small = useMemo<Line | null>(
    () =>
      picture
        ? {
            kind: "line",
            name: "whole",
            color: "var(--cf-plot-faint)",
            values: picture.said.map((value, n) =>
              Number.isNaN(value) ? (picture.actual[n] as number) : value,
            ),
          }
        : null,
    [picture],
  );
  if (error) return <Failed error={error} retry={reload} />;
  if (!picture || !small || !data) return <Loading />;

  const said = (value: number | undefined) =>
    what === "calls"
      ? callsWords(value, language)
      : what === "aht_s"
        ? secondsWords(value, language, (n) => t("unit.s.of", n))
        : shareWords(value, language);
  const shown = data.shown.by_what;
  const at = (n: number) =>
    momentText(picture.times[n] ?? 0, clock, language, shown === "interval" || shown === "hour");
  const here = cursor !== null && cursor < picture.times.length ? cursor : null;
  const known = (values: Float64Array, n: number) => !Number.isNaN(values[n] as number);
  const band = (n: number) =>
    known(picture.lo80, n)
      ? `${callsWords(picture.lo80[n], language)}–${callsWords(picture.hi80[n], language)}`
      : "";
  const value = (values: Float64Array) =>
    here === null || !known(values, here) ? undefined : said(values[here]);
  const readings: Reading[] = [
    { name: t("plan.line.actual"), color: "var(--cf-plot-line)", value: value(picture.actual) },
    { name: t("plan.line.forecast"), color: "var(--cf-plot-forecast)", value: value(picture.said) },
  ];
  if (overridden)
    readings.push({
      name: t("plan.line.machine"),
      color: "var(--cf-plot-machine)",
      look: "dash",
      value: value(picture.machine),
    });
  if (what === "calls")
    readings.push({
      name: t("plan.line.band80"),
      color: "var(--cf-plot-band80)",
      look: "band",
      value: here === null ? undefined : band(here),
    });
  if (preview)
    readings.push({
      name: t("plan.line.preview"),
      color: "var(--cf-plot-human)",
      look: "dash",
      value: value(picture.preview),
    });
  return (
    <>
      <Group justify="space-between" gap="xs" mb={4}>
        <Group gap="xs">
          <Select
            size="xs"
            w={140}
            aria-label={t("plan.measure")}
            data={MEASURES.map((one) => ({ value: one, label: t(`plan.measure.${one}`) }))}
            value={what}
            onChange={(next) => change({ fwhat: next === "calls" ? "" : (next ?? "") })}
            allowDeselect={false}
            data-testid="forecast-measure"
          />
          <SegmentedControl
            size="xs"
            data={["auto" as const, ...GRAINS.filter((one) => there.includes(one))].map((one) => ({
              value: one,
              label: t(`plan.grain.${one}`),
            }))}
            value={asked ?? "auto"}
            onChange={(next) => change({ fgrain: next === "auto" ? "" : next })}
            aria-label={t("plan.grain")}
            data-testid="forecast-grain"
          />
        </Group>
        <PlotTools days={daysOf(view)} onMove={move} lengths={forecast.kind === "year" ? YEARS : WEEKS} />
      </Group>
      <Readout at={here === null ? viewText(view, clock, language) : at(here)} readings={readings} />
      <Plot
        label={t("plan.forecast.plot")}
        clock={clock}
        locale={language}
        interval={picture.interval}
        times={picture.times}
        layers={layers}
        view={view}
        onMove={move}
        cursor={here}
        onCursor={setCursor}
        said={(n) => {
          const parts = [
            known(picture.actual, n) ? `${t("plan.line.actual")} ${said(picture.actual[n])}` : "",
            known(picture.said, n) ? `${t("plan.line.forecast")} ${said(picture.said[n])}` : "",
            overridden && known(picture.machine, n)
              ? `${t("plan.line.machine")} ${said(picture.machine[n])}`
              : "",
            what === "calls" && band(n) ? `${t("plan.line.band80")} ${band(n)}` : "",
          ];
          return `${at(n)}: ${parts.filter(Boolean).join(", ")}`;
        }}
        format={(one) => (what === "abandonment" ? shareWords(one, language) : figure(one, language, 1))}
        height={height}
        testid="forecast-plot"
      />
      <Overview
        times={picture.times}
        line={small}
        gap={gapOf(picture.interval) * 3}
        interval={picture.interval}
        limits={limits}
        view={view}
        onMove={move}
      />
    </>
  );
}
