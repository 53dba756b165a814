/** How I kept to my roster: the last weeks by day, and a day as it was planned and as it was. */

import { Group, Stack, Text } from "@mantine/core";
import { useCallback, useMemo } from "react";
import { useLive } from "../../session/session";
import { api } from "../../shared/api";
import { addDays, dayWords, shareWords } from "../../shared/format";
import { useFresh, useNow } from "../../shared/hooks";
import { useSearch } from "../../shared/path";
import { dayNumber, dayText, ZoneClock } from "../../shared/plot/zone";
import { minutesWords } from "../../shared/rosterSaid";
import type { PersonAdherence } from "../../shared/schema";
import { Failed, Loading, Nothing, Panel } from "../../shared/states";
import { useWords } from "../../shared/words";
import { awayOf, sumOf } from "../adherence/lines";
import { Timeline, TimelineKey } from "../adherence/Timeline";
import { isDay } from "../days";

const WEEKS = 4;
const FRESH_MS = 60_000;

export function MyAdherence({ today }: { today: string }) {
  const { t, language } = useWords();
  const { floor } = useLive();
  const now = useNow(floor.skew, 30_000);
  const [search, change] = useSearch();
  const first = addDays(today, -7 * WEEKS + 1);
  const { data, error, reload } = useFresh(
    useCallback(
      () => api.get<PersonAdherence[]>(`/api/rosters/mine/adherence?from=${first}&to=${today}`),
      [first, today],
    ),
    FRESH_MS,
  );
  const zone = data?.at(-1)?.zone;
  const clock = useMemo(() => (zone ? new ZoneClock(zone) : null), [zone]);
  const asked = search.get("day");
  const days = useMemo(
    () => (data ?? []).flatMap((one) => one.days).filter((one) => one.scheduled_s || one.excused_s),
    [data],
  );
  const stretches = useMemo(() => (data ?? []).flatMap((one) => one.stretches), [data]);
  if (error) return <Failed error={error} retry={reload} />;
  if (!data) return <Loading />;
  if (!clock || !days.length)
    return (
      <Panel>
        <Nothing title={t("adherence.none")} help={t("adherence.none.mine")} testid="adherence-none" />
      </Panel>
    );
  const latest = dayText(clock.day(days.at(-1)?.begin ?? now));
  const day = isDay(asked) && asked <= today && asked >= first ? asked : latest;
  const sum = sumOf(days);
  return (
    <Stack gap="sm" data-testid="my-adherence">
      <Panel label={t("adherence.day")}>
        <Timeline stretches={stretches} clock={clock} day={dayNumber(day)} now={now} />
        <TimelineKey />
        <Text size="sm" className="dim" mt={6}>
          {t("adherence.fair")}
        </Text>
      </Panel>
      <Panel label={t("adherence.weeks")}>
        <Group justify="space-between" mb="xs">
          <Text fw={600}>{t("adherence.weeks")}</Text>
          <Text size="sm" className="num">
            {t("adherence.sum", shareWords(sum.adherence, language))}
          </Text>
        </Group>
        <div className="adherence-days">
          {[...days].reverse().map((one) => {
            const at = dayText(clock.day(one.begin));
            return (
              <button
                key={one.begin}
                type="button"
                className="adherence-day"
                aria-pressed={at === day}
                onClick={() => change({ day: at === latest ? "" : at })}
                data-testid={`adherence-${at}`}
              >
                <span className="num">{dayWords(at, language)}</span>
                <span className="share-bar" aria-hidden>
                  <span style={{ width: `${(one.adherence ?? 0) * 100}%` }} />
                </span>
                <span className="num">
                  {one.scheduled_s ? shareWords(one.adherence, language) : t("adherence.excused")}
                </span>
                <span className="dim num">
                  {one.scheduled_s && awayOf(one) >= 60
                    ? t("adherence.differing", minutesWords(awayOf(one) / 60, t))
                    : ""}
                </span>
              </button>
            );
          })}
        </div>
      </Panel>
    </Stack>
  );
}
