/** The past of a series: what was counted, what stands out, what models learn from. */

import { Button, Group, SegmentedControl, Select, Stack } from "@mantine/core";
import { IconFileImport, IconSparkles } from "@tabler/icons-react";
import { memo, type ReactNode, useCallback, useMemo, useState } from "react";
import { api } from "../../shared/api";
import { addDays } from "../../shared/format";
import { type Loaded, useCalm, useCommand, useLoad } from "../../shared/hooks";
import { useSearch } from "../../shared/path";
import { GRAINS, type Grain, usualGrain } from "../../shared/plot/aggregate";
import { useView } from "../../shared/plot/useView";
import { DAY, dayNumber, HOUR } from "../../shared/plot/zone";
import type { FindingShown, HistoryShown, SeriesShown } from "../../shared/schema";
import { Failed, Loading, Nothing, Panel } from "../../shared/states";
import { useWords } from "../../shared/words";
import { ImportDialog } from "../import/ImportDialog";
import { isActive } from "../jobs";
import { useClock, usePlanning } from "../planning";
import { MEASURES, type Measure } from "./data";
import { Files } from "./Files";
import { Findings } from "./Findings";
import { HistoryPlot } from "./HistoryPlot";
import { UsualWeek } from "./UsualWeek";

/** So many intervals are loaded at the most, the last ones; all days, weeks and months there are. */
const FINE = 38_000;
const USUAL_DAYS = 28;
/** The usual week is of what is shown, but does not run after every step of a drag, in ms. */
const HEAT_MS = 250;

export interface Histories {
  /** By interval; null until it has come, which takes a moment longer than the days. */
  fine: HistoryShown | null;
  days: HistoryShown;
}

export function HistoryTab({ series }: { series: SeriesShown }) {
  const { t } = useWords();
  const { done, jobs, start, writes } = usePlanning();
  const [importing, setImporting] = useState(false);
  const { run, error: refused, busy, clear } = useCommand();
  const { id, first, last, intervals, interval_min, open_findings } = series;
  /** What is loaded anew when something was cleaned, or another file was taken in. */
  const version = `${intervals} ${done.clean}`;
  const days = useHistory(id, first, last, "day", version);
  const begin = last ? addDays(last, -Math.floor((FINE * interval_min) / 1440)) : null;
  const fine = useHistory(id, first && begin && begin > first ? begin : first, last, "interval", version);
  const data = useMemo<Histories | null>(
    () => (days.data ? { days: days.data, fine: fine.data } : null),
    [days.data, fine.data],
  );
  const error = days.error ?? fine.error;
  const [reloadDays, reloadFine] = [days.reload, fine.reload];
  const reload = useCallback(() => {
    reloadDays();
    reloadFine();
  }, [reloadDays, reloadFine]);
  const cleaning = jobs.some((job) => job.kind === "clean" && job.series === id && isActive(job));
  return (
    <Stack gap="sm">
      {refused ? <Failed error={refused} onClose={clear} /> : null}
      {error ? <Failed error={error} retry={reload} /> : null}
      {!data && !error && first ? <Loading /> : null}
      {!first ? (
        <Panel>
          <Nothing title={t("plan.history.none")} help={t("plan.history.none.help")} testid="history-none" />
          {writes ? (
            <Group justify="center" pb="md">
              <Button
                leftSection={<IconFileImport size={16} />}
                onClick={() => setImporting(true)}
                data-testid="import-open"
              >
                {t("plan.import")}
              </Button>
            </Group>
          ) : null}
        </Panel>
      ) : null}
      {data ? (
        <Shown
          series={series}
          data={data}
          onChanged={reload}
          buttons={
            writes ? (
              <Group gap="xs" wrap="nowrap">
                <Button
                  size="compact-sm"
                  variant="default"
                  leftSection={<IconFileImport size={16} />}
                  onClick={() => setImporting(true)}
                  data-testid="import-open"
                >
                  {t("plan.import")}
                </Button>
                <Button
                  size="compact-sm"
                  variant={open_findings ? "default" : "filled"}
                  leftSection={<IconSparkles size={16} />}
                  loading={busy}
                  disabled={cleaning}
                  onClick={() =>
                    void run(() => start(`/api/planning/series/${encodeURIComponent(id)}/clean`))
                  }
                  data-testid="clean"
                >
                  {t("plan.clean")}
                </Button>
              </Group>
            ) : null
          }
        />
      ) : null}
      {first ? <Files series={series} onChanged={reload} /> : null}
      {importing ? <ImportDialog series={id} onClose={() => setImporting(false)} /> : null}
    </Stack>
  );
}

/** A part of the history; nothing while there is none. */
function useHistory(
  id: string,
  first: string | null,
  last: string | null,
  by: "interval" | "day",
  version: string,
): Loaded<HistoryShown | null> {
  return useLoad(
    // biome-ignore lint/correctness/useExhaustiveDependencies: another version is loaded again
    useCallback(async () => {
      if (!first || !last) return null;
      const at = `/api/planning/series/${encodeURIComponent(id)}/history`;
      return api.get<HistoryShown>(`${at}?from=${first}&to=${last}&by=${by}`);
    }, [id, first, last, by, version]),
  );
}

interface ShownProps {
  series: SeriesShown;
  data: Histories;
  onChanged: () => void;
  buttons: ReactNode;
}

function Shown({ series, data, onChanged, buttons }: ShownProps) {
  const { t } = useWords();
  const clock = useClock(series.zone);
  const [search, change] = useSearch();
  const there = useMemo(
    () =>
      MEASURES.filter((one) => one === "calls" || data.days.measures[one]?.some((value) => value !== null)),
    [data],
  );
  const what: Measure = there.find((one) => one === search.get("what")) ?? "calls";
  const { first, last } = series;
  const limits = useMemo(() => {
    const [begin, end] = [dayNumber(first ?? ""), dayNumber(last ?? "")];
    return { from: clock.start(begin), to: clock.start(end + 1), least: HOUR };
  }, [first, last, clock]);
  const usual = useMemo(() => ({ from: limits.to - USUAL_DAYS * DAY, to: limits.to }), [limits]);
  const [view, move] = useView("view", limits, usual, clock);
  const asked = GRAINS.find((one) => one === search.get("grain"));
  const fits = usualGrain(view.to - view.from);
  // Further back than intervals were loaded there are days.
  const grain: Grain =
    asked ?? (view.from < (data.fine?.starts[0] ?? 0) && fits === "interval" ? "day" : fits);
  const finding = Number(search.get("finding")) || null;
  const [found, setFound] = useState<readonly FindingShown[]>(data.days.findings);
  const choose = useCallback(
    (id: number | null) => change({ finding: id === null ? "" : String(id) }),
    [change],
  );
  const settled = useCalm(view, HEAT_MS);
  return (
    <>
      <Panel label={t("plan.tab.history")} testid="history-plot-panel">
        <Toolbar there={there} what={what} asked={asked} onChange={change} buttons={buttons} />
        <HistoryPlot
          data={data}
          clock={clock}
          what={what}
          grain={grain}
          findings={found}
          finding={finding}
          onFinding={choose}
          limits={limits}
          view={view}
          onMove={move}
        />
      </Panel>
      <div className="history-below">
        <Findings
          series={series}
          clock={clock}
          chosen={finding}
          onChoose={choose}
          onMove={move}
          onLoaded={setFound}
          onDecided={onChanged}
        />
        <UsualWeek data={data} what={what} view={settled} clock={clock} />
      </div>
    </>
  );
}

interface ToolbarProps {
  there: readonly Measure[];
  what: Measure;
  asked: Grain | undefined;
  onChange: (change: Record<string, string>) => void;
  buttons: ReactNode;
}

/** What is shown and how it is summed; drawn anew only when that changes. */
const Toolbar = memo(function Toolbar({ there, what, asked, onChange: change, buttons }: ToolbarProps) {
  const { t } = useWords();
  return (
    <Group justify="space-between" mb={6} gap="xs">
      <Group gap="xs">
        <Select
          size="xs"
          w={150}
          aria-label={t("plan.measure")}
          data={there.map((one) => ({ value: one, label: t(`plan.measure.${one}`) }))}
          value={what}
          onChange={(next) => change({ what: next === "calls" ? "" : (next ?? "") })}
          allowDeselect={false}
          data-testid="measure"
        />
        <SegmentedControl
          size="xs"
          data={["auto" as const, ...GRAINS].map((one) => ({
            value: one,
            label: t(`plan.grain.${one}`),
          }))}
          value={asked ?? "auto"}
          onChange={(next) => change({ grain: next === "auto" ? "" : next })}
          aria-label={t("plan.grain")}
          data-testid="grain"
        />
      </Group>
      {buttons}
    </Group>
  );
});
