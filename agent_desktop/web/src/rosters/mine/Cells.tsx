/** The days of a week or month as a grid: one is chosen, arrow keys go from day to day. */

import { type KeyboardEvent, useEffect, useRef } from "react";
import { addDays, dayWords } from "../../shared/format";
import { dayNumber, weekday, type ZoneClock } from "../../shared/plot/zone";
import type { MyChange, MyShift } from "../../shared/schema";
import { useWords } from "../../shared/words";
import { hoursOf, toneOf } from "../days";
import { momentOf, pieces } from "../now";
import { Bar } from "./Bar";

export interface AtDay {
  shifts: MyShift[];
  leave: boolean;
  changed: MyChange | null;
  published: boolean;
}
export type DayOf = (day: string) => AtDay;

interface Props {
  weeks: string[][];
  view: "week" | "month";
  /** The month that is shown; days of others are dim. */
  month: string;
  day: string;
  today: string;
  clock: ZoneClock;
  dayOf: DayOf;
  onChoose: (day: string) => void;
}

const STEPS: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

export function Cells(props: Props) {
  const { weeks, view, day, dayOf, onChoose } = props;
  const { t, language } = useWords();
  const grid = useRef<HTMLDivElement>(null);
  const moved = useRef(false);
  const heads = weeks[0] ?? [];
  const scale = scaleOf(heads.flatMap((one) => dayOf(one).shifts));
  useEffect(() => {
    if (!moved.current) return;
    moved.current = false;
    grid.current?.querySelector<HTMLElement>(`[data-day="${day}"]`)?.focus();
  });
  const key = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    // In a week the days stand under each other.
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    moved.current = true;
    onChoose(addDays(day, view === "week" && Math.abs(step) === 7 ? step / 7 : step));
  };
  if (view === "week")
    return (
      <div
        className="week"
        ref={grid}
        role="listbox"
        aria-label={t("roster.week")}
        onKeyDown={key}
        tabIndex={-1}
      >
        {heads.map((one) => (
          <Cell key={one} {...props} one={one} scale={scale} wide />
        ))}
      </div>
    );
  return (
    <div
      className="months"
      ref={grid}
      role="listbox"
      aria-label={t("roster.month")}
      onKeyDown={key}
      tabIndex={-1}
    >
      {heads.map((one) => (
        <div key={one} className="head" aria-hidden>
          {new Intl.DateTimeFormat(language, { weekday: "short", timeZone: "UTC" }).format(Date.parse(one))}
        </div>
      ))}
      {weeks.flat().map((one) => (
        <Cell key={one} {...props} one={one} scale={scale} />
      ))}
    </div>
  );
}

interface CellProps extends Props {
  one: string;
  scale: [number, number];
  wide?: boolean;
}

function Cell({ one, scale, wide, month, day, today, clock, dayOf, onChoose }: CellProps) {
  const { t, language } = useWords();
  const { shifts, leave, changed, published } = dayOf(one);
  const words = leave
    ? t("roster.leave")
    : shifts.length
      ? ""
      : published
        ? t("roster.off")
        : one < today
          ? ""
          : t("roster.unpublished");
  const weekend = weekday(dayNumber(one)) >= 5;
  const said = [
    dayWords(one, language),
    ...shifts.map((shift) => `${shift.name} ${hoursOf(shift.start, shift.length)}`),
    words,
    changed ? t("roster.changed") : "",
  ];
  return (
    <div
      role="option"
      tabIndex={one === day ? 0 : -1}
      className={wide ? "day-row" : "day-cell"}
      aria-selected={one === day}
      aria-current={one === today ? "date" : undefined}
      aria-label={said.filter(Boolean).join(", ")}
      data-day={one}
      data-other={!wide && one.slice(0, 7) !== month ? true : undefined}
      data-weekend={weekend || undefined}
      data-testid={`roster-day-${one}`}
      onClick={() => onChoose(one)}
      onKeyDown={(event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        onChoose(one);
      }}
    >
      <span className="date num">{wide ? dayWords(one, language) : Number(one.slice(8))}</span>
      {changed ? <span className="changed-dot" aria-hidden /> : null}
      {shifts.map((shift) => (
        <span key={shift.begin} className="shift-chip" data-tone={toneOf(shift.start)}>
          <b>{shift.name}</b>
          <span className="num">{hoursOf(shift.start, shift.length)}</span>
        </span>
      ))}
      {words ? <span className={leave ? "shift-chip leave" : "dim free"}>{words}</span> : null}
      {wide && shifts[0] ? (
        <span className="row-bar" data-tone={toneOf(shifts[0].start)} aria-hidden>
          <Bar
            pieces={shifts.flatMap((shift) => pieces(shift, clock))}
            begin={momentOf(shifts[0], scale[0], clock)}
            end={momentOf(shifts[0], scale[1], clock)}
            label=""
          />
        </span>
      ) : null}
    </div>
  );
}

/** The hours all bars of a week have in common, in minutes of a day. */
function scaleOf(shifts: readonly MyShift[]): [number, number] {
  const first = Math.min(...shifts.map((one) => one.start));
  const last = Math.max(...shifts.map((one) => one.start + one.length));
  return [Math.floor(first / 60) * 60, Math.ceil(last / 60) * 60];
}
