/** What is usual at each time of each weekday, of the stretch the plot shows. */

import { Group, SegmentedControl, Text } from "@mantine/core";
import { memo, useMemo } from "react";
import { callsWords, figure, secondsWords } from "../../shared/format";
import { useSearch } from "../../shared/path";
import { HeatMap } from "../../shared/plot/HeatMap";
import { heatOf } from "../../shared/plot/heat";
import type { View } from "../../shared/plot/view";
import type { ZoneClock } from "../../shared/plot/zone";
import { Loading, Nothing, Panel } from "../../shared/states";
import { useWords } from "../../shared/words";
import { isMean, type Measure, pictureOf } from "./data";
import type { Histories } from "./HistoryTab";

interface Props {
  data: Histories;
  what: Measure;
  view: View;
  clock: ZoneClock;
}

export const UsualWeek = memo(function UsualWeek({ data, what, view, clock }: Props) {
  const { t, language } = useWords();
  const [search, change] = useSearch();
  const interval = data.days.interval_min;
  const minutes = search.get("slots") === "interval" ? interval : Math.max(60, interval);
  const fine = data.fine;
  const picture = useMemo(() => (fine ? pictureOf(fine, what) : null), [fine, what]);
  const mean = isMean(what);
  const heat = useMemo(() => {
    if (!picture) return null;
    // Of whole days: half a morning is no quiet one.
    const from = clock.start(clock.day(view.from));
    const to = clock.start(clock.day(view.to - 1) + 1);
    const made = heatOf(picture.times, picture.cleaned, minutes, interval * 60_000, clock, from, to);
    if (!mean) return made;
    // Of means a sum says nothing: what was added up is shared out again.
    const share = minutes / interval;
    return {
      ...made,
      cells: made.cells.map((row) => row.map((cell) => cell / share)),
      most: made.most / share,
    };
  }, [picture, minutes, interval, clock, view, mean]);
  const said = (value: number) =>
    mean ? secondsWords(value, language, (n) => t("unit.s.of", n)) : callsWords(value, language);
  return (
    <Panel testid="usual-week" label={t("plan.heat")}>
      <Group justify="space-between" mb="xs" wrap="nowrap">
        <div>
          <Text fw={600}>{t("plan.heat")}</Text>
          <Text size="xs" className="dim">
            {t("plan.heat.help", t(`plan.measure.${what}`))}
          </Text>
        </div>
        <SegmentedControl
          size="xs"
          data={[
            { value: "hour", label: t("plan.grain.hour") },
            { value: "interval", label: t("unit.min.of", interval) },
          ]}
          value={minutes === interval ? "interval" : "hour"}
          onChange={(next) => change({ slots: next === "hour" ? "" : next })}
          aria-label={t("reports.interval")}
        />
      </Group>
      {heat === null ? <Loading /> : null}
      {heat?.days.length ? (
        <HeatMap label={t("plan.heat")} heat={heat} minutes={minutes} format={said} testid="heat" />
      ) : null}
      {heat?.days.length === 0 ? <Nothing title={t("plan.heat.none")} /> : null}
      {heat?.days.length ? (
        <Group gap={6} justify="flex-end">
          <span className="dim num fine">0</span>
          <span className="heat-scale" aria-hidden />
          <span className="dim num fine">{mean ? said(heat.most) : figure(heat.most, language)}</span>
        </Group>
      ) : null}
    </Panel>
  );
});
