/** Twelve months of days: arrows walk through them. */

import { type KeyboardEvent, useRef } from "react";
import { addDays, dayWords } from "../../shared/format";
import { DAY, dayNumber, dayText, weekday } from "../../shared/plot/zone";
import type { CalendarDay } from "../../shared/schema";
import { useWords, type Word } from "../../shared/words";
import { wordOr } from "../../shared/words/choice";
import { holidayWords } from "../holidays";

interface Props {
  year: number;
  days: readonly CalendarDay[];
  chosen: string;
  today: string;
  onChoose: (day: string) => void;
}

const HEADS: readonly Word[] = ["day.mon", "day.tue", "day.wed", "day.thu", "day.fri", "day.sat", "day.sun"];

export function Year({ year, days, chosen, today, onChoose }: Props) {
  const { t, language } = useWords();
  const box = useRef<HTMLDivElement>(null);
  const known = new Map(days.map((one) => [one.day, one]));
  const key = (event: KeyboardEvent) => {
    const steps: Record<string, number> = {
      ArrowLeft: -1,
      ArrowRight: 1,
      ArrowUp: -7,
      ArrowDown: 7,
      PageUp: -28,
      PageDown: 28,
    };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = addDays(chosen, step);
    onChoose(next);
    // It is drawn first.
    requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(`[data-day="${next}"]`)?.focus());
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the days in it are buttons, which have the focus
    <div ref={box} className="year" onKeyDown={key} data-testid="year-days">
      {Array.from({ length: 12 }, (_, month) => {
        const first = dayNumber(`${year}-${String(month + 1).padStart(2, "0")}-01`);
        const next = Date.UTC(year, month + 1, 1) / DAY;
        const name = new Intl.DateTimeFormat(language, { month: "long", timeZone: "UTC" }).format(
          first * DAY,
        );
        return (
          <section key={name} aria-label={name}>
            <h3>{name}</h3>
            <div className="month">
              {HEADS.map((head) => (
                <span key={head} className="head" aria-hidden>
                  {t(head).replace(/^周/, "").slice(0, 1)}
                </span>
              ))}
              {Array.from({ length: next - first }, (_unused, n) => {
                const day = dayText(first + n);
                const one = known.get(day);
                const plain = !one || one.kind === "ordinary";
                const kind = plain && weekday(first + n) > 4 ? "weekend" : (one?.kind ?? "ordinary");
                const said = [
                  dayWords(day, language),
                  kind === "ordinary" ? "" : wordOr(t, "plan.day.", kind),
                  one?.name ? holidayWords(one.name, t) : "",
                  ...(one?.events ?? []),
                ].filter(Boolean);
                return (
                  <button
                    key={day}
                    type="button"
                    className={`day day-${kind}${day === today ? " today" : ""}`}
                    style={n === 0 ? { gridColumnStart: weekday(first) + 1 } : undefined}
                    aria-label={said.join(", ")}
                    title={said.slice(1).join(" · ") || undefined}
                    aria-pressed={day === chosen}
                    tabIndex={day === chosen ? 0 : -1}
                    data-day={day}
                    onClick={() => onChoose(day)}
                    data-testid={`day-${day}`}
                  >
                    {n + 1}
                    {one?.events.length ? <span className="event-dot" aria-hidden /> : null}
                  </button>
                );
              })}
            </div>
          </section>
        );
      })}
    </div>
  );
}
