/** One quiet line for the desk: what is on by the roster, the next break, and when the shift ends. */

import { Text } from "@mantine/core";
import { useCallback, useMemo } from "react";
import { api } from "../shared/api";
import { addDays } from "../shared/format";
import { useFresh, useNow } from "../shared/hooks";
import { go } from "../shared/path";
import { HOUR, ZoneClock } from "../shared/plot/zone";
import type { MyRoster } from "../shared/schema";
import { useWords } from "../shared/words";
import { standing } from "./now";
import { timeWords } from "./time";

const FRESH_MS = 5 * 60_000;

export function NextUp({ skew }: { skew: number }) {
  const { t, language } = useWords();
  const now = useNow(skew, 15_000);
  const hour = Math.floor(now / (6 * HOUR)) * 6 * HOUR;
  const first = addDays(new Date(hour).toISOString().slice(0, 10), -1);
  const { data } = useFresh(
    useCallback(() => api.get<MyRoster>(`/api/rosters/mine?from=${first}&to=${addDays(first, 2)}`), [first]),
    FRESH_MS,
  );
  const clock = useMemo(() => (data?.zone ? new ZoneClock(data.zone) : null), [data?.zone]);
  if (!data || !clock) return null;
  const { shift, now: on, pause } = standing(data.shifts, now, clock);
  if (!shift || !on) return null;
  const time = (at: number) => timeWords(at, clock, language);
  const parts = [
    on.part === "phone" ? "" : t("roster.desk.now", t(`roster.part.${on.part}`), time(on.end)),
    pause ? t("roster.desk.break", time(pause.begin)) : "",
    t("roster.desk.until", time(shift.end)),
  ];
  return (
    <Text
      component="a"
      href="/roster"
      size="sm"
      className="dim num next-up"
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        go("/roster");
      }}
      data-testid="next-up"
    >
      {parts.filter(Boolean).join(" · ")}
    </Text>
  );
}
