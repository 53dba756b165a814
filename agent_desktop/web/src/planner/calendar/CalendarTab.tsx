/** What kind of day each day is, and what is known of it beforehand: holidays, opening hours, events, drivers. */

import { ActionIcon, Group, Stack, Text } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { useCallback, useState } from "react";
import { api, Problem } from "../../shared/api";
import { useLoad } from "../../shared/hooks";
import { tellDone } from "../../shared/notice";
import { useSearch } from "../../shared/path";
import type { CalendarDay, CalendarShown, PlannerCalendarBody, SeriesShown } from "../../shared/schema";
import { Failed, Loading, Panel } from "../../shared/states";
import { useWords } from "../../shared/words";
import { usePlanning } from "../planning";
import { DayPanel } from "./DayPanel";
import { Drivers } from "./Drivers";
import { Events } from "./Events";
import { Hours } from "./Hours";
import { bodyOf } from "./rows";
import { Year } from "./Year";

export interface CalendarPart {
  calendar: CalendarShown;
  writes: boolean;
  /** Keep the calendar with a change; false when it was refused, which is then told. */
  save: (change: (body: PlannerCalendarBody) => PlannerCalendarBody) => Promise<boolean>;
}

export function CalendarTab({ series }: { series: SeriesShown }) {
  const { t } = useWords();
  const { writes, series: all } = usePlanning();
  const [search, change] = useSearch();
  const now = new Date().toISOString().slice(0, 10);
  const day = /^\d{4}-\d\d-\d\d$/.test(search.get("day") ?? "") ? (search.get("day") as string) : now;
  const year = Number(day.slice(0, 4));
  const at = `/api/planning/calendars/${encodeURIComponent(series.calendar)}`;
  const { data, error, reload } = useLoad(
    useCallback(async () => {
      const [calendar, days] = await Promise.all([
        api.get<CalendarShown>(at),
        api.get<CalendarDay[]>(`${at}/days?from=${year}-01-01&to=${year}-12-31`),
      ]);
      return { calendar, days };
    }, [at, year]),
  );
  const [refused, setRefused] = useState<unknown>(null);
  // What was loaded stays in sight while it is loaded again.
  const [last, setLast] = useState(data);
  if (data && data !== last) setLast(data);
  const shown = data ?? (last?.calendar.id === series.calendar ? last : null);
  const choose = (next: string) => change({ day: next });

  const save = async (make: (body: PlannerCalendarBody) => PlannerCalendarBody) => {
    if (!shown) return false;
    setRefused(null);
    try {
      await api.put(at, make(bodyOf(shown.calendar)), { match: shown.calendar.tag });
    } catch (problem) {
      setRefused(problem);
      // Somebody was faster: what they did is shown, and the change can be made again.
      if (problem instanceof Problem && problem.status === 412) reload();
      return false;
    }
    tellDone(t("plan.calendar.saved"));
    reload();
    return true;
  };
  const used = shown?.calendar.used_by.map((id) => all.data?.find((one) => one.id === id)?.name ?? id) ?? [];
  const problem =
    refused instanceof Problem && refused.status === 412
      ? new Problem(400, "", t("plan.calendar.faster"))
      : refused;
  return (
    <Stack gap="sm" data-testid="calendar">
      {problem ? <Failed error={problem} onClose={() => setRefused(null)} /> : null}
      {error ? <Failed error={error} retry={reload} /> : null}
      {!shown && !error ? <Loading /> : null}
      {shown ? (
        <>
          <div className="calendar-top">
            <Panel label={t("plan.calendar.year", year)}>
              <Group justify="space-between" mb="xs" wrap="nowrap">
                <Group gap="xs" wrap="nowrap">
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    aria-label={t("plan.calendar.before")}
                    onClick={() => choose(`${year - 1}${day.slice(4).replace("-02-29", "-02-28")}`)}
                    data-testid="year-before"
                  >
                    <IconChevronLeft size={18} />
                  </ActionIcon>
                  <Text fw={600} className="num" data-testid="year">
                    {year}
                  </Text>
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    aria-label={t("plan.calendar.after")}
                    onClick={() => choose(`${year + 1}${day.slice(4).replace("-02-29", "-02-28")}`)}
                    data-testid="year-after"
                  >
                    <IconChevronRight size={18} />
                  </ActionIcon>
                  <Text size="sm" className="dim">
                    {shown.calendar.country
                      ? t("plan.calendar.of", shown.calendar.name, shown.calendar.country)
                      : shown.calendar.name}
                  </Text>
                </Group>
                <Group gap="4px 12px">
                  {(["holiday", "make_up", "closed"] as const).map((kind) => (
                    <Group key={kind} gap={6} wrap="nowrap">
                      <span className={`dot square day-${kind}`} aria-hidden />
                      <Text size="sm">{t(`plan.day.${kind}`)}</Text>
                    </Group>
                  ))}
                  <Group gap={6} wrap="nowrap">
                    <span className="dot event-dot" aria-hidden />
                    <Text size="sm">{t("plan.events")}</Text>
                  </Group>
                </Group>
              </Group>
              <Year year={year} days={shown.days} chosen={day} today={now} onChoose={choose} />
            </Panel>
            <DayPanel
              key={`${day} ${shown.calendar.tag}`}
              day={day}
              known={shown.days.find((one) => one.day === day)}
              calendar={shown.calendar}
              writes={writes}
              save={save}
            />
          </div>
          <Events calendar={shown.calendar} writes={writes} save={save} day={day} />
          <div className="calendar-below">
            <Drivers calendar={shown.calendar} writes={writes} save={save} />
            <Hours calendar={shown.calendar} writes={writes} save={save} />
          </div>
          {used.length > 1 ? (
            <Text size="sm" className="dim">
              {t("plan.calendar.used", used.join(t("list.comma")))}
            </Text>
          ) : null}
        </>
      ) : null}
    </Stack>
  );
}
