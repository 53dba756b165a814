/** The week or the month, a day of it beside, and the calendar for the telephone. */

import { ActionIcon, Button, Group, SegmentedControl, Stack, Text } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { IconChevronLeft, IconChevronRight, IconPlus } from "@tabler/icons-react";
import { useCallback, useEffect, useMemo } from "react";
import { api } from "../../shared/api";
import { addDays, periodWords } from "../../shared/format";
import { useFresh } from "../../shared/hooks";
import { useSingleKeys } from "../../shared/Keys";
import { useSearch } from "../../shared/path";
import type { ZoneClock } from "../../shared/plot/zone";
import type { Me, MyRoster } from "../../shared/schema";
import { Failed, Loading, Panel } from "../../shared/states";
import { useWords } from "../../shared/words";
import { isDay, monthOf, sameDay, weekOf, weekWords } from "../days";
import { onRequestsChanged } from "../waiting";
import { Cells, type DayOf } from "./Cells";
import { DayPanel } from "./DayPanel";
import { Feed } from "./Feed";
import { Openings } from "./Openings";

const FRESH_MS = 5 * 60_000;

interface Props {
  me: Me;
  today: string;
  clock: ZoneClock;
  time: (at: number) => string;
}

export function RosterTab({ me, today, clock, time }: Props) {
  const { t, language } = useWords();
  const [search, change] = useSearch();
  const [single] = useSingleKeys();
  const view = search.get("view") === "month" ? "month" : "week";
  const asked = search.get("day");
  const day = isDay(asked) ? asked : today;
  const weeks = useMemo(() => (view === "week" ? [weekOf(day)] : monthOf(day)), [view, day]);
  const first = weeks[0]?.[0] ?? day;
  const last = weeks.at(-1)?.[6] ?? day;
  const { data, error, reload } = useFresh(
    useCallback(() => api.get<MyRoster>(`/api/rosters/mine?from=${first}&to=${last}`), [first, last]),
    FRESH_MS,
  );
  useEffect(() => onRequestsChanged(reload), [reload]);
  const choose = useCallback((to: string) => change({ day: to === today ? "" : to }), [change, today]);
  const turn = (by: number) => choose(view === "week" ? addDays(day, 7 * by) : sameDay(day, by));
  const show = (next: string) => change({ view: next === "month" ? "month" : "" });
  const ask = () => change({ ask: "swap" });
  const key = (work: () => void) => () => single && work();
  useHotkeys([
    ["T", key(() => choose(today))],
    ["W", key(() => show("week"))],
    ["M", key(() => show("month"))],
    ["[", key(() => turn(-1))],
    ["]", key(() => turn(1))],
    ["N", key(ask)],
  ]);
  const dayOf = useMemo<DayOf>(() => {
    const shifts = new Map<string, MyRoster["shifts"]>();
    for (const one of data?.shifts ?? []) shifts.set(one.day, [...(shifts.get(one.day) ?? []), one]);
    const changed = new Map((data?.changed ?? []).map((one) => [one.day, one]));
    const leave = new Set(data?.leave);
    return (one) => ({
      shifts: shifts.get(one) ?? [],
      leave: leave.has(one),
      changed: changed.get(one) ?? null,
      published: (data?.published ?? []).some(([from, to]) => from <= one && one <= to),
    });
  }, [data]);
  const worked = (data?.shifts ?? []).filter(
    (one) => view === "week" || one.day.slice(0, 7) === day.slice(0, 7),
  );
  return (
    <div className="roster-grid">
      <Panel testid="roster-calendar" label={t("roster.tab.roster")}>
        <Group justify="space-between" mb="sm" gap="xs">
          <Group gap={4} wrap="nowrap">
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t(view === "week" ? "roster.week.before" : "roster.month.before")}
              onClick={() => turn(-1)}
              data-testid="roster-before"
            >
              <IconChevronLeft size={18} />
            </ActionIcon>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t(view === "week" ? "roster.week.after" : "roster.month.after")}
              onClick={() => turn(1)}
              data-testid="roster-after"
            >
              <IconChevronRight size={18} />
            </ActionIcon>
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => choose(today)}
              data-testid="roster-go-today"
            >
              {t("roster.today")}
            </Button>
            <Text fw={600} ml={6} aria-live="polite">
              {view === "week" ? weekWords(first, last, language) : periodWords(day.slice(0, 7), language)}
            </Text>
          </Group>
          <Group gap="xs" wrap="nowrap">
            {data ? (
              <Text size="sm" className="dim num">
                {t("roster.sum", worked.length, hours(worked.reduce((sum, one) => sum + one.worked, 0)))}
              </Text>
            ) : null}
            <SegmentedControl
              size="xs"
              data={[
                { value: "week", label: t("roster.week") },
                { value: "month", label: t("roster.month") },
              ]}
              value={view}
              onChange={show}
              aria-label={t("roster.view")}
              data-testid="roster-view"
            />
          </Group>
        </Group>
        {error ? <Failed error={error} retry={reload} /> : null}
        {!data && !error ? <Loading /> : null}
        {data ? (
          <Cells
            weeks={weeks}
            view={view}
            month={day.slice(0, 7)}
            day={day}
            today={today}
            clock={clock}
            dayOf={dayOf}
            onChoose={choose}
          />
        ) : null}
        {data?.changed.length ? (
          <Text size="sm" className="dim legend" mt="xs">
            <span className="changed-dot" aria-hidden /> {t("roster.changed.legend")}
          </Text>
        ) : null}
      </Panel>
      <Stack gap="sm">
        <DayPanel
          day={day}
          today={today}
          at={dayOf(day)}
          clock={clock}
          time={time}
          onAsk={(kind) => change({ ask: kind, day: day === today ? "" : day })}
        />
        <Button variant="default" leftSection={<IconPlus size={16} />} onClick={ask} data-testid="roster-ask">
          {t("roster.ask")}
        </Button>
        <Openings me={me} />
        <Feed />
      </Stack>
    </div>
  );
}

function hours(minutes: number): string {
  return String(Math.round(minutes / 6) / 10);
}
