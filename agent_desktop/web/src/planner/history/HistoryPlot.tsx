/** The line of a history with what was cleaned, and the whole of it small beneath. */

import { Group } from "@mantine/core";
import { useMemo, useState } from "react";
import { callsWords, figure, secondsWords } from "../../shared/format";
import type { Grain } from "../../shared/plot/aggregate";
import type { Layer, Line } from "../../shared/plot/layers";
import { Overview } from "../../shared/plot/Overview";
import { Plot } from "../../shared/plot/Plot";
import { daysOf, PlotTools } from "../../shared/plot/PlotTools";
import { type Reading, Readout } from "../../shared/plot/Readout";
import { gapOf, momentText, viewText } from "../../shared/plot/timeTicks";
import { usePlotHeight } from "../../shared/plot/usePlotHeight";
import type { Limits, Move, View } from "../../shared/plot/view";
import type { ZoneClock } from "../../shared/plot/zone";
import type { FindingShown } from "../../shared/schema";
import { useWords } from "../../shared/words";
import { coarser, differing, isMean, type Measure, pictureOf } from "./data";
import { kindWords, marksOf, stretchOf } from "./findings";
import type { Histories } from "./HistoryTab";

interface Props {
  data: Histories;
  clock: ZoneClock;
  what: Measure;
  grain: Grain;
  findings: readonly FindingShown[];
  finding: number | null;
  onFinding: (id: number | null) => void;
  limits: Limits;
  view: View;
  onMove: (move: Move) => void;
}

export function HistoryPlot(props: Props) {
  const { data, clock, what, grain, findings, finding, view, onMove, limits } = props;
  const { t, language } = useWords();
  const height = usePlotHeight(280);
  const [cursor, setCursor] = useState<number | null>(null);
  const mean = isMean(what);
  const whole = useMemo(() => pictureOf(data.days, what), [data.days, what]);
  const picture = useMemo(() => {
    // Days stand there until intervals have come.
    const shown = ((grain === "interval" || grain === "hour") && data.fine) || data.days;
    const weights = pictureOf(shown, "calls").cleaned;
    const known = { from: limits.from, to: Math.min(limits.to, Date.now()) };
    return coarser(pictureOf(shown, what), grain, mean, weights, clock, known);
  }, [data, what, grain, mean, clock, limits]);
  const layers = useMemo<Layer[]>(() => {
    const lines: Layer[] = [
      { kind: "line", name: "cleaned", color: "var(--cf-plot-line)", values: picture.cleaned },
    ];
    if (what === "calls")
      lines.unshift({
        kind: "line",
        name: "raw",
        color: "var(--cf-plot-raw)",
        values: differing(picture),
        dash: [3, 3],
      });
    return lines;
  }, [picture, what]);
  const marks = useMemo(
    () => (what === "calls" ? marksOf(findings, picture, finding) : []),
    [findings, picture, finding, what],
  );
  const one = findings.find((found) => found.id === finding);
  const stretches = useMemo(() => stretchOf(one, picture), [one, picture]);
  const line = useMemo<Line>(
    () => ({ kind: "line", name: "whole", color: "var(--cf-plot-faint)", values: whole.cleaned }),
    [whole],
  );
  const said = (value: number | undefined) =>
    mean ? secondsWords(value, language, (n) => t("unit.s.of", n)) : callsWords(value, language);
  const at = (n: number) =>
    momentText(picture.times[n] ?? 0, clock, language, grain === "interval" || grain === "hour");
  // The finding that begins at the cursor, so that marks are read without a mouse.
  const marked = (n: number) => {
    const found = marks.find((mark) => mark.at === picture.times[n]);
    return found ? findings.find((other) => String(other.id) === found.id) : undefined;
  };
  const here = cursor !== null && cursor < picture.times.length ? cursor : null;
  const readings: Reading[] = [
    {
      name: t(`plan.measure.${what}`),
      color: "var(--cf-plot-line)",
      value: here === null ? undefined : said(picture.cleaned[here]),
    },
  ];
  if (what === "calls")
    readings.push({
      name: t("plan.history.raw"),
      color: "var(--cf-plot-raw)",
      look: "dash",
      value:
        here === null || picture.raw[here] === picture.cleaned[here] ? undefined : said(picture.raw[here]),
    });
  const markedHere = here === null ? undefined : marked(here);
  return (
    <>
      <Group justify="space-between" gap="xs" wrap="nowrap" align="flex-start">
        <Readout
          at={
            here === null
              ? viewText(view, clock, language)
              : `${at(here)}${markedHere ? ` · ${kindWords(markedHere.kind, t)}` : ""}`
          }
          readings={readings}
        />
        <PlotTools days={daysOf(view)} onMove={onMove} />
      </Group>
      <Plot
        label={t("plan.history.plot", t(`plan.measure.${what}`))}
        clock={clock}
        locale={language}
        interval={picture.interval}
        times={picture.times}
        layers={layers}
        stretches={stretches}
        marks={marks}
        view={view}
        onMove={onMove}
        cursor={here}
        onCursor={setCursor}
        said={(n) => {
          const found = marked(n);
          const values = [said(picture.cleaned[n])];
          if (picture.raw[n] !== picture.cleaned[n] && !Number.isNaN(picture.raw[n]))
            values.push(`${t("plan.history.raw")} ${said(picture.raw[n])}`);
          if (found) values.push(kindWords(found.kind, t));
          return `${at(n)}: ${values.join(", ")}`;
        }}
        onMark={(id) => props.onFinding(Number(id))}
        format={(value) => figure(value, language, 1)}
        height={height}
        testid="history-plot"
      />
      <Overview
        times={whole.times}
        line={line}
        gap={gapOf(whole.interval) * 2}
        interval={whole.interval}
        limits={limits}
        view={view}
        onMove={onMove}
      />
    </>
  );
}
