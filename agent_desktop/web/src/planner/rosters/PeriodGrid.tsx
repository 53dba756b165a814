// biome-ignore-all lint/a11y/useSemanticElements: only rows in sight are drawn, which a table cannot
/**
 * The whole period: people by days. Only rows in sight are drawn; a shift is dragged, or walked to and carried by
 * keyboard: Space takes it up, arrows carry it, Space or Enter puts it down, Escape gives up.
 */

import {
  type KeyboardEvent,
  memo,
  type PointerEvent,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { createPortal } from "react-dom";
import { hoursOf, toneOf } from "../../rosters/days";
import { dayWords } from "../../shared/format";
import type { RosterCell, RosterShift } from "../../shared/schema";
import { useWords } from "../../shared/words";
import { type At, free, keyOf, moved, type Rostered } from "./edits";
import { type Plan, type ProblemPerson, worked } from "./problem";
import { Difference } from "./Said";
import { useDry } from "./useDry";
import type { Editing } from "./useEditing";

const ROW = 28;
/** Rows drawn above and below what is in sight. */
const MORE = 8;
/** Rows are drawn anew when so many have gone by. */
const CHUNK = 4;
const DRAG_PX = 5;

interface Props {
  plan: Plan;
  people: readonly ProblemPerson[];
  roster: Rostered;
  /** Cells in which a hard rule is broken. */
  bad: ReadonlySet<string>;
  /** What is written under a day: people missing there. */
  short?: readonly string[];
  at: At | null;
  onAt: (at: At) => void;
  onOpen: (at: At) => void;
  onDay: (day: string) => void;
  /** Null: it is only looked at. */
  editing: Editing | null;
}

interface Carried {
  from: RosterShift;
  copy: boolean;
}

export function PeriodGrid({ plan, people, roster, bad, short, at, onAt, onOpen, onDay, editing }: Props) {
  const { t, language } = useWords();
  const box = useRef<HTMLDivElement>(null);
  const [scrolled, setScrolled] = useState({ top: 0, height: 600 });
  const [carried, setCarried] = useState<Carried | null>(null);
  const [clip, setClip] = useState<Carried | null>(null);
  const [drag, setDrag] = useState<{ x: number; y: number; over: At | null; copy: boolean } | null>(null);
  const pressed = useRef<{ x: number; y: number; shift: RosterShift } | null>(null);
  const dayLabels = useMemo(() => plan.days.map((one) => dayWords(one.day, language)), [plan, language]);
  const rows = people.length;
  const rowOf = useMemo(() => new Map(people.map((one, n) => [one.id, n])), [people]);
  const here = at && rowOf.has(at.person) && plan.place(at.day) >= 0 ? at : null;
  const row = here ? (rowOf.get(here.person) ?? 0) : 0;
  const place = here ? plan.place(here.day) : 0;

  // What is dragged, or carried by keyboard, as the change it would be.
  const target = drag?.over ?? (carried ? here : null);
  const source = carried?.from ?? pressed.current?.shift ?? null;
  const copy = drag ? drag.copy : (carried?.copy ?? false);
  const cells = useMemo<RosterCell[] | null>(
    () =>
      source && target ? moved(source, target, roster.get(keyOf(target.person, target.day)), copy) : null,
    [source, target, roster, copy],
  );
  const nobody = useCallback(() => Promise.resolve(null), []);
  const dry = useDry(cells, editing?.ask ?? nobody);

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const watch = new ResizeObserver(() => setScrolled((was) => ({ ...was, height: element.clientHeight })));
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  // The cell that is picked is in sight, below the heads.
  useEffect(() => {
    const element = box.current;
    if (!element || !here) return;
    const head = element.querySelector<HTMLElement>(".gantt-head")?.offsetHeight ?? 44;
    const top = row * ROW;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + ROW > element.scrollTop + element.clientHeight - head)
      element.scrollTop = top + ROW - element.clientHeight + head;
  }, [row, here]);

  const first = Math.max(0, Math.floor(scrolled.top / ROW) - MORE);
  const last = Math.min(rows, Math.ceil((scrolled.top + scrolled.height) / ROW) + CHUNK + MORE);

  const focus = () =>
    requestAnimationFrame(() =>
      box.current?.querySelector<HTMLElement>('[tabindex="0"][role="gridcell"]')?.focus(),
    );
  const walk = (rowTo: number, placeTo: number) => {
    const person = people[Math.max(0, Math.min(rows - 1, rowTo))];
    const day = plan.days[Math.max(0, Math.min(plan.days.length - 1, placeTo))];
    if (!person || !day) return;
    onAt({ person: person.id, day: day.day });
    focus();
  };
  const drop = (to: At) => {
    if (!carried) return;
    const change = moved(carried.from, to, roster.get(keyOf(to.person, to.day)), carried.copy);
    setCarried(null);
    void editing?.propose(change);
  };
  const key = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor(scrolled.height / ROW) - 2);
    const steps: Record<string, [number, number]> = {
      ArrowLeft: [row, place - 1],
      ArrowRight: [row, place + 1],
      ArrowUp: [row - 1, place],
      ArrowDown: [row + 1, place],
      PageUp: [row - page, place],
      PageDown: [row + page, place],
      Home: [event.ctrlKey ? 0 : row, 0],
      End: [event.ctrlKey ? rows - 1 : row, plan.days.length - 1],
    };
    const step = steps[event.key];
    if (step) {
      event.preventDefault();
      walk(...step);
      return;
    }
    const cell = here ?? { person: people[0]?.id ?? "", day: plan.days[0]?.day ?? "" };
    const shift = roster.get(keyOf(cell.person, cell.day));
    const control = event.ctrlKey || event.metaKey;
    if (event.key === "Escape" && carried) {
      setCarried(null);
    } else if ((event.key === " " || event.key === "Enter") && carried) {
      drop(cell);
    } else if (event.key === "Enter") {
      onOpen(cell);
    } else if (!editing) {
      return;
    } else if (event.key === " ") {
      if (shift) setCarried({ from: shift, copy: false });
      else onOpen(cell);
    } else if (event.key === "Delete" || event.key === "Backspace") {
      if (shift) void editing.propose([free(cell)]);
    } else if (control && event.key === "c") {
      if (shift) setClip({ from: shift, copy: true });
    } else if (control && event.key === "x") {
      if (shift) setCarried({ from: shift, copy: false });
    } else if (control && event.key === "v") {
      if (clip) void editing.propose(moved(clip.from, cell, shift, true));
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const cellAt = (x: number, y: number): At | null => {
    const found = document.elementFromPoint(x, y)?.closest<HTMLElement>("[data-cell]");
    const [person, day] = found?.dataset.cell?.split("\u0000") ?? [];
    return person && day && box.current?.contains(found ?? null) ? { person, day } : null;
  };
  const press = (event: PointerEvent) => {
    if (event.button !== 0) return;
    const cell = cellAt(event.clientX, event.clientY);
    if (!cell) return;
    onAt(cell);
    const shift = roster.get(keyOf(cell.person, cell.day));
    pressed.current = shift && editing ? { x: event.clientX, y: event.clientY, shift } : null;
    if (pressed.current) setCarried(null);
  };
  const move = (event: PointerEvent) => {
    const from = pressed.current;
    if (!from || !box.current) return;
    if (!drag && Math.hypot(event.clientX - from.x, event.clientY - from.y) < DRAG_PX) return;
    if (!drag) box.current.setPointerCapture(event.pointerId);
    const edge = box.current.getBoundingClientRect();
    if (event.clientY > edge.bottom - 30) box.current.scrollTop += ROW;
    else if (event.clientY < edge.top + 70) box.current.scrollTop -= ROW;
    const over = cellAt(event.clientX, event.clientY);
    setDrag((was) => ({
      x: event.clientX,
      y: event.clientY,
      copy: event.ctrlKey || event.altKey,
      over:
        over && was?.over && keyOf(over.person, over.day) === keyOf(was.over.person, was.over.day)
          ? was.over
          : over,
    }));
  };
  const release = () => {
    const from = pressed.current?.shift;
    pressed.current = null;
    if (!drag) return;
    setDrag(null);
    if (from && drag.over && editing) {
      onAt(drag.over);
      void editing.propose(
        moved(from, drag.over, roster.get(keyOf(drag.over.person, drag.over.day)), drag.copy),
      );
    }
  };
  const giveUp = () => {
    pressed.current = null;
    setDrag(null);
  };
  // Escape gives a drag up too.
  const dragging = drag !== null;
  useEffect(() => {
    if (!dragging) return;
    const stop = (event: globalThis.KeyboardEvent) => {
      if (event.key !== "Escape") return;
      pressed.current = null;
      setDrag(null);
    };
    window.addEventListener("keydown", stop, true);
    return () => window.removeEventListener("keydown", stop, true);
  }, [dragging]);

  const template = `var(--gantt-name) repeat(${plan.days.length}, minmax(32px, 1fr)) 50px`;
  const carriedKey = source && (drag || carried) ? keyOf(source.person, source.day) : "";
  return (
    <>
      <div
        ref={box}
        className="gantt"
        role="grid"
        aria-label={t("sched.grid")}
        aria-rowcount={rows + 1}
        aria-colcount={plan.days.length + 2}
        tabIndex={-1}
        data-dragging={dragging || undefined}
        data-writes={editing ? true : undefined}
        onScroll={(event) => {
          const { scrollTop, clientHeight } = event.currentTarget;
          const top = Math.floor(scrollTop / (ROW * CHUNK)) * ROW * CHUNK;
          if (top !== scrolled.top || clientHeight !== scrolled.height)
            setScrolled({ top, height: clientHeight });
        }}
        onKeyDown={key}
        onPointerDown={press}
        onPointerMove={move}
        onPointerUp={release}
        onPointerCancel={giveUp}
        onDoubleClick={(event) => {
          const cell = cellAt(event.clientX, event.clientY);
          if (cell) onOpen(cell);
        }}
        data-testid="gantt"
      >
        {/* biome-ignore lint/a11y/useFocusableInteractive: its cells are walked through */}
        <div className="gantt-head" role="row" aria-rowindex={1} style={{ gridTemplateColumns: template }}>
          <div role="columnheader" tabIndex={-1} className="gantt-name">
            {t("sched.person")}
          </div>
          {plan.days.map((one, n) => (
            <div
              key={one.day}
              role="columnheader"
              tabIndex={-1}
              className="gantt-day"
              data-rest={one.holiday ? "holiday" : one.weekend ? "weekend" : undefined}
            >
              <button
                type="button"
                tabIndex={-1}
                title={dayLabels[n]}
                aria-label={t("sched.to_day", dayLabels[n] ?? "")}
                onClick={() => onDay(one.day)}
              >
                <span>{dayLetter(one.day, language)}</span>
                <b>{Number(one.day.slice(8))}</b>
              </button>
              {short ? <i className={short[n] ? "late" : ""}>{short[n] || "\u00a0"}</i> : null}
            </div>
          ))}
          <div role="columnheader" tabIndex={-1} className="gantt-sum">
            {t("sched.hours")}
          </div>
        </div>
        <div style={{ height: rows * ROW, position: "relative" }} role="presentation">
          <div style={{ transform: `translateY(${first * ROW}px)` }} role="presentation">
            {people.slice(first, last).map((person, n) => (
              <Row
                key={person.id}
                plan={plan}
                person={person}
                index={first + n}
                roster={roster}
                bad={bad}
                labels={dayLabels}
                template={template}
                picked={person.id === here?.person ? place : first + n === 0 && !here ? 0 : -1}
                focusable={here ? person.id === here.person : first + n === 0}
                over={target && person.id === target.person && source ? plan.place(target.day) : -1}
                overBad={Boolean(dry.changed?.difference.broken.length)}
                lifted={carriedKey && source?.person === person.id ? plan.place(source.day) : -1}
              />
            ))}
          </div>
        </div>
      </div>
      {carried ? (
        <div className="gantt-carry" role="status" data-testid="carrying">
          <b>{t("sched.carrying", carried.from.shift, plan.name(carried.from.person))}</b>
          {dry.changed ? <Difference plan={plan} difference={dry.changed.difference} brief /> : null}
        </div>
      ) : null}
      {drag && source
        ? createPortal(
            <div className="gantt-ghost" style={{ left: drag.x + 14, top: drag.y + 12 }}>
              <b data-tone={toneOf(source.start)}>{source.shift}</b>{" "}
              {drag.over
                ? `→ ${plan.name(drag.over.person)}, ${dayWords(drag.over.day, language)}`
                : t("sched.drag.nowhere")}
              {dry.changed ? (
                <Difference plan={plan} difference={dry.changed.difference} brief />
              ) : cells?.length ? (
                <div className="dim">{t("sched.judging")}</div>
              ) : null}
            </div>,
            document.body,
          )
        : null}
    </>
  );
}

const letters = new Map<string, Intl.DateTimeFormat>();

function dayLetter(day: string, language: string): string {
  let format = letters.get(language);
  if (!format) {
    format = new Intl.DateTimeFormat(language, { weekday: "narrow", timeZone: "UTC" });
    letters.set(language, format);
  }
  return format.format(new Date(`${day}T00:00:00Z`));
}

interface RowProps {
  plan: Plan;
  person: ProblemPerson;
  index: number;
  roster: Rostered;
  bad: ReadonlySet<string>;
  labels: readonly string[];
  template: string;
  picked: number;
  focusable: boolean;
  over: number;
  overBad: boolean;
  lifted: number;
}

const Row = memo(RowOf, (a, b) => {
  if (a.roster !== b.roster || a.bad !== b.bad) {
    // Most changes are other people's.
    for (const one of a.plan.days) {
      const key = keyOf(a.person.id, one.day);
      if (a.roster.get(key) !== b.roster.get(key) || a.bad.has(key) !== b.bad.has(key)) return false;
    }
  }
  return (
    a.plan === b.plan &&
    a.person === b.person &&
    a.index === b.index &&
    a.labels === b.labels &&
    a.template === b.template &&
    a.picked === b.picked &&
    a.focusable === b.focusable &&
    a.over === b.over &&
    (a.over < 0 || a.overBad === b.overBad) &&
    a.lifted === b.lifted
  );
});

function RowOf(props: RowProps) {
  const { plan, person, index, roster, bad, labels, template, picked, focusable, over, overBad, lifted } =
    props;
  const { t, language } = useWords();
  let minutes = 0;
  const cells = plan.days.map((one, n) => {
    const key = keyOf(person.id, one.day);
    const shift = roster.get(key);
    if (shift) minutes += worked(plan.shifts.get(shift.shift), shift.length);
    const mark = plan.mark(person.id, n);
    const wrong = bad.has(key);
    const said = [
      `${plan.name(person.id)}, ${labels[n]}`,
      shift
        ? `${plan.shiftNames.get(shift.shift) ?? shift.shift} ${hoursOf(shift.start, shift.length)}`
        : t("sched.free"),
      mark ? t(`sched.mark.${mark}`) : "",
      wrong ? t("sched.cell.bad") : "",
    ];
    return (
      <div
        key={one.day}
        role="gridcell"
        aria-colindex={n + 2}
        aria-label={said.filter(Boolean).join(", ")}
        aria-selected={n === picked}
        tabIndex={focusable && n === Math.max(0, picked) ? 0 : -1}
        className="gantt-cell"
        data-cell={key}
        data-rest={one.holiday ? "holiday" : one.weekend ? "weekend" : undefined}
        data-mark={mark ?? undefined}
        data-bad={wrong || undefined}
        data-over={n === over ? (overBad ? "bad" : "good") : undefined}
        data-lifted={n === lifted || undefined}
        data-testid={`cell-${person.id}-${one.day}`}
        data-shift={shift?.shift ?? ""}
      >
        {shift ? (
          <span
            data-tone={toneOf(shift.start)}
            title={`${shift.shift} ${hoursOf(shift.start, shift.length)}`}
          >
            {code(shift.shift)}
          </span>
        ) : mark ? (
          <i aria-hidden>{t(`sched.mark.${mark}.short`)}</i>
        ) : null}
      </div>
    );
  });
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: its cells are walked through
    <div className="gantt-row" role="row" aria-rowindex={index + 2} style={{ gridTemplateColumns: template }}>
      <div
        role="rowheader"
        tabIndex={-1}
        className="gantt-name name"
        title={`${plan.name(person.id)} (${person.id})`}
      >
        {plan.name(person.id)} {person.team ? <span className="dim fine">{person.team}</span> : null}
      </div>
      {cells}
      {/* biome-ignore lint/a11y/useFocusableInteractive: it is read, not walked to */}
      <div role="gridcell" className="gantt-sum num">
        {new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(minutes / 60)}
      </div>
    </div>
  );
}

/** A shift's id, short enough for a cell. */
function code(id: string): string {
  return [...id].length <= 4 ? id : [...id].slice(0, 3).join("");
}
