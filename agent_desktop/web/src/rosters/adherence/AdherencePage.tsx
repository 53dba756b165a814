/** Adherence for supervisors: by person and day, by person and interval of a day, and one person's timeline. */

import { Button, Group, Select, Stack, Text, Title } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useCallback, useMemo } from "react";
import { useLive } from "../../session/session";
import { api } from "../../shared/api";
import { addDays, dateWords, dayWords, shareWords, spanWords } from "../../shared/format";
import { useFresh, useLoad, useNow } from "../../shared/hooks";
import { useSearch } from "../../shared/path";
import { dayNumber, ZoneClock } from "../../shared/plot/zone";
import { minutesWords } from "../../shared/rosterSaid";
import type { AdherenceShown, Me, PersonAdherence, RosterVersionShown } from "../../shared/schema";
import { Failed, Loading, Nothing, Panel } from "../../shared/states";
import { useTitle } from "../../shared/title";
import { useWords } from "../../shared/words";
import { dayOfWall, isDay } from "../days";
import { Absences } from "./Absences";
import { Heat } from "./Heat";
import { awayOf, gridOf, sumOf } from "./lines";
import { Timeline, TimelineKey } from "./Timeline";
import "../rosters.css";

const FRESH_MS = 60_000;
/** Days that are looked at by day. */
const DAYS = 14;

export function AdherencePage({ me }: { me: Me }) {
  const { t, language } = useWords();
  const [search, change] = useSearch();
  const { floor } = useLive();
  const now = useNow(floor.skew, 60_000);
  useTitle(t("nav.adherence"));
  const versions = useLoad(
    useCallback(() => api.get<RosterVersionShown[]>("/api/rosters/versions?current=true"), []),
  );
  const begun = useMemo(
    () =>
      (versions.data ?? [])
        .filter((one) => Date.parse(one.start) <= now)
        .sort((a, b) => (a.start < b.start ? 1 : a.start > b.start ? -1 : a.group < b.group ? -1 : 1)),
    [versions.data, now],
  );
  const wanted = search.get("period");
  const chosen = begun.find((one) => `${one.group} ${one.start}` === wanted) ?? begun[0] ?? null;
  return (
    <Stack gap="sm" data-testid="adherence">
      <Group justify="space-between">
        <Title order={1} size="h3">
          {t("nav.adherence")}
        </Title>
        {begun.length > 1 && chosen ? (
          <Select
            w={280}
            size="sm"
            aria-label={t("adherence.period")}
            data={begun.map((one) => ({
              value: `${one.group} ${one.start}`,
              label: `${one.group} · ${spanWords(one.start, one.end, language)}`,
            }))}
            value={`${chosen.group} ${chosen.start}`}
            onChange={(next) => next && change({ period: next, day: "", person: "", to: "" })}
            allowDeselect={false}
            data-testid="adherence-period"
          />
        ) : null}
      </Group>
      {versions.error ? <Failed error={versions.error} retry={versions.reload} /> : null}
      {!versions.data && !versions.error ? <Loading /> : null}
      {versions.data && !chosen ? (
        <Panel>
          <Nothing title={t("adherence.none")} help={t("adherence.none.help")} testid="adherence-none" />
        </Panel>
      ) : null}
      {chosen ? <Period key={`${chosen.group} ${chosen.start}`} me={me} version={chosen} now={now} /> : null}
    </Stack>
  );
}

function Period({ me, version, now }: { me: Me; version: RosterVersionShown; now: number }) {
  const { t, language } = useWords();
  const [search, change] = useSearch();
  const asked = search.get("to");
  const utc = new Date(now + 14 * 3_600_000).toISOString().slice(0, 10);
  const latest = version.end < utc ? version.end : utc;
  const last = isDay(asked) && asked >= version.start && asked <= version.end ? asked : latest;
  const fortnight = addDays(last, 1 - DAYS);
  const first = fortnight > version.start ? fortnight : version.start;
  const day = search.get("day");
  const inDay = isDay(day) && day >= version.start && day <= version.end ? day : null;
  const query = inDay ? `from=${inDay}&to=${inDay}&by=interval` : `from=${first}&to=${last}&by=day`;
  const path = `/api/rosters/versions/${version.id}/adherence`;
  const { data, error, reload } = useFresh(
    useCallback(() => api.get<AdherenceShown>(`${path}?${query}`), [path, query]),
    FRESH_MS,
  );
  const clock = useMemo(() => (data ? new ZoneClock(data.zone) : null), [data?.zone, data]);
  const grid = useMemo(() => (data ? gridOf(data.lines, data.totals) : null), [data]);
  const sum = useMemo(() => (data ? sumOf(data.totals) : null), [data]);
  const wanted = search.get("person");
  const person = grid?.people.find((one) => one === wanted) ?? grid?.people[0] ?? null;
  if (error) return <Failed error={error} retry={reload} />;
  if (!data || !clock || !grid || !sum) return <Loading />;
  const back = inDay ? () => change({ day: "" }) : null;
  return (
    <>
      <Panel testid="adherence-heat" label={t("adherence.away")}>
        <Group justify="space-between" mb="xs" gap="xs">
          <Group gap="xs">
            {back ? (
              <Button size="compact-sm" variant="default" onClick={back} data-testid="adherence-back">
                ← {t("adherence.all_days")}
              </Button>
            ) : (
              <>
                <Button
                  size="compact-sm"
                  variant="default"
                  disabled={first <= version.start}
                  aria-label={t("adherence.earlier")}
                  onClick={() => change({ to: addDays(first, -1) })}
                >
                  ←
                </Button>
                <Button
                  size="compact-sm"
                  variant="default"
                  disabled={last >= latest}
                  aria-label={t("adherence.later")}
                  onClick={() => change({ to: addDays(last, DAYS) >= latest ? "" : addDays(last, DAYS) })}
                >
                  →
                </Button>
              </>
            )}
            <Text fw={600}>{inDay ? dateWords(inDay, language) : spanWords(first, last, language)}</Text>
            <Text size="sm" className="num" data-testid="adherence-sum">
              {t("adherence.sum", shareWords(sum.adherence, language))}
            </Text>
            <Text size="sm" className="dim num">
              {t("adherence.sum.away", minutesWords(awayOf(sum) / 60, t))}
              {sum.excused_s ? ` · ${t("adherence.sum.excused", minutesWords(sum.excused_s / 60, t))}` : ""}
            </Text>
          </Group>
          <Button
            component="a"
            href={`${path}?${query}&format=csv`}
            download
            variant="subtle"
            color="gray"
            leftSection={<IconDownload size={16} />}
            data-testid="adherence-csv"
          >
            CSV
          </Button>
        </Group>
        {grid.people.length ? (
          <Heat
            grid={grid}
            totals={data.totals}
            names={data.names}
            clock={clock}
            by={inDay ? "interval" : "day"}
            chosen={person}
            onPerson={(one) => change({ person: one })}
            onCell={(one, column) =>
              change({ person: one, ...(inDay ? {} : { day: dayOfWall(clock.wall(column)) }) })
            }
            onColumn={inDay ? null : (column) => change({ day: dayOfWall(clock.wall(column)) })}
          />
        ) : (
          <Nothing
            title={t("adherence.nobody")}
            help={t("adherence.nobody.help")}
            testid="adherence-nobody"
          />
        )}
      </Panel>
      <div className="adherence-below">
        {person ? (
          <Person
            path={`${path}/${encodeURIComponent(person)}?from=${inDay ?? first}&to=${inDay ?? last}`}
            clock={clock}
            now={now}
            day={inDay}
          />
        ) : (
          <span />
        )}
        <Absences
          me={me}
          names={data.names}
          clock={clock}
          first={first}
          last={last}
          person={person}
          today={dayOfWall(clock.wall(now))}
          onChanged={reload}
        />
      </div>
    </>
  );
}

interface PersonProps {
  path: string;
  clock: ZoneClock;
  now: number;
  day: string | null;
}

function Person({ path, clock, now, day }: PersonProps) {
  const { t, language } = useWords();
  const { data, error, reload } = useFresh(
    useCallback(() => api.get<PersonAdherence>(path), [path]),
    FRESH_MS,
  );
  const days = [...(data?.days ?? [])].reverse();
  const sum = sumOf(days);
  return (
    <Panel testid="adherence-person" label={data?.name ?? t("adherence.person")}>
      {error ? <Failed error={error} retry={reload} /> : null}
      {!data && !error ? <Loading /> : null}
      {data ? (
        <>
          <Group justify="space-between" mb="xs">
            <Text fw={600}>{data.name}</Text>
            <Text size="sm" className="num dim">
              {day ? dayWords(day, language) : ""} {t("adherence.sum", shareWords(sum.adherence, language))}
            </Text>
          </Group>
          <div className="timelines">
            {(day ? [dayNumber(day)] : days.map((one) => clock.day(one.begin))).map((one) => (
              <Timeline key={one} stretches={data.stretches} clock={clock} day={one} now={now} />
            ))}
          </div>
          <TimelineKey />
        </>
      ) : null}
    </Panel>
  );
}
