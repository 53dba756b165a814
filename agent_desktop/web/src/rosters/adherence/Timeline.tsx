/** What somebody was to do over what they did, a day on a line of its own, with the minutes that differ. */

import { Text } from "@mantine/core";
import { useMemo } from "react";
import { dayWords } from "../../shared/format";
import { DAY, dayText, HOUR, type ZoneClock } from "../../shared/plot/zone";
import type { AdherenceStretch } from "../../shared/schema";
import { useWords, type Words } from "../../shared/words";
import { timeWords } from "../time";
import { type Deviation, deviations } from "./lines";

interface Props {
  stretches: readonly AdherenceStretch[];
  clock: ZoneClock;
  /** The day, by its number. */
  day: number;
  now: number;
}

/** A day's stretches; a night shift is told on the day it begins and goes on into the next. */
export function Timeline({ stretches, clock, day, now }: Props) {
  const { t, language } = useWords();
  const begin = clock.start(day);
  const end = clock.start(day + 1);
  const told = stretches.filter((one) => one.end > begin && one.begin < end);
  const [from, to] = useMemo(() => spanOf(told, begin, end), [told, begin, end]);
  const at = (moment: number) => ((moment - from) / (to - from)) * 100;
  const found = deviations(told);
  const ticks: number[] = [];
  const every = to - from > 14 * HOUR ? 3 : to - from > 8 * HOUR ? 2 : 1;
  for (let tick = Math.ceil((clock.wall(from) - day * DAY) / HOUR); tick <= 48; tick += 1) {
    const moment = clock.moment(day * DAY + tick * HOUR);
    if (moment > to) break;
    if (tick % every === 0) ticks.push(moment);
  }
  const row = (what: "planned" | "actual") =>
    told
      .filter((one) => one[what] !== "off")
      .map((one) => (
        <span
          key={one.begin}
          className={`piece ${one[what]}`}
          data-excused={one.excused || undefined}
          style={{
            left: `${at(Math.max(one.begin, from))}%`,
            width: `${at(Math.min(one.end, to)) - at(Math.max(one.begin, from))}%`,
          }}
          title={`${t(`adherence.doing.${one[what]}`)} ${span(one.begin, one.end)}${
            one.excused ? ` · ${t("adherence.excused")}` : ""
          }`}
        />
      ));
  const span = (a: number, b: number) => `${timeWords(a, clock, language)}–${timeWords(b, clock, language)}`;
  const label = dayWords(dayText(day), language);
  return (
    <div className="timeline" data-testid={`timeline-${dayText(day)}`}>
      <Text size="sm" fw={600}>
        {label}
      </Text>
      {told.length ? (
        <>
          <div className="timeline-rows">
            <span className="dim">{t("adherence.planned")}</span>
            <div className="shift-bar">{row("planned")}</div>
            <span className="dim">{t("adherence.actual")}</span>
            <div className="shift-bar">
              {row("actual")}
              {now > from && now < to ? <span className="now" style={{ left: `${at(now)}%` }} /> : null}
            </div>
            <span />
            <div className="differs" aria-hidden>
              {found.map((one) => (
                <span
                  key={one.begin}
                  style={{
                    left: `${at(Math.max(one.begin, from))}%`,
                    width: `${at(Math.min(one.end, to)) - at(Math.max(one.begin, from))}%`,
                  }}
                />
              ))}
            </div>
            <span />
            <div className="ticks" aria-hidden>
              {ticks.map((one) => (
                <span key={one} className="num" style={{ left: `${at(one)}%` }}>
                  {timeWords(one, clock, language)}
                </span>
              ))}
            </div>
          </div>
          {found.length ? (
            <ul className="said differing">
              {found.map((one) => (
                <li key={one.begin}>
                  <span className="num">{span(one.begin, one.end)}</span> {differs(one, t)}
                </li>
              ))}
            </ul>
          ) : (
            <Text size="sm" className="dim" mt={4}>
              {t("adherence.as_planned")}
            </Text>
          )}
        </>
      ) : (
        <Text size="sm" className="dim">
          {t("adherence.nothing")}
        </Text>
      )}
    </div>
  );
}

function differs(one: Deviation, t: Words["t"]): string {
  const minutes = Math.round((one.end - one.begin) / 60_000);
  if (one.actual === "off") return t("adherence.absent", minutes);
  if (one.planned === "off") return t("adherence.beyond", minutes);
  return t(
    "adherence.differs",
    minutes,
    t(`adherence.doing.${one.planned}`),
    t(`adherence.doing.${one.actual}`),
  );
}

/** Whole hours round all that is told. */
function spanOf(told: readonly AdherenceStretch[], begin: number, end: number): [number, number] {
  if (!told.length) return [begin, end];
  const first = Math.max(begin, Math.min(...told.map((one) => one.begin)));
  const last = Math.min(end, Math.max(...told.map((one) => one.end)));
  return [Math.floor(first / HOUR) * HOUR, Math.max(Math.ceil(last / HOUR) * HOUR, first + HOUR)];
}

export function TimelineKey() {
  const { t } = useWords();
  return (
    <p className="timeline-key dim">
      {(["phone", "break", "activity"] as const).map((one) => (
        <span key={one}>
          <span className={`piece-key ${one}`} aria-hidden /> {t(`adherence.doing.${one}`)}
        </span>
      ))}
      <span>
        <span className="piece-key excused" aria-hidden /> {t("adherence.excused")}
      </span>
    </p>
  );
}
