// biome-ignore-all lint/a11y/useSemanticElements: a bar in its track, moved by arrows
/**
 * One day by the hour: a bar for each shift with its breaks, activities and duties. A bar, its ends and its breaks
 * are dragged in the steps the shift has; by keyboard the arrows move a bar, with Shift its end, with Alt its begin.
 */

import { Checkbox, Group, Text } from "@mantine/core";
import { type KeyboardEvent, type PointerEvent, useMemo, useRef, useState } from "react";
import { hoursOf, toneOf } from "../../rosters/days";
import { minuteText } from "../../shared/plot/zone";
import type { RosterCell, RosterCoverWhole, RosterShift } from "../../shared/schema";
import { useWords } from "../../shared/words";
import { DayCover } from "./DayCover";
import { begun, begunEarlier, broken, ended, free, isSame, keyOf, type Rostered } from "./edits";
import { isFlexible, lengthsOf, type Plan, type ProblemPerson, type ProblemShift, startsOf } from "./problem";
import { Difference } from "./Said";
import { useDry } from "./useDry";
import type { Editing } from "./useEditing";

type Grip = { kind: "whole" | "begin" | "end" } | { kind: "break"; place: number };

interface Props {
  plan: Plan;
  people: readonly ProblemPerson[];
  roster: Rostered;
  bad: ReadonlySet<string>;
  day: string;
  cover: RosterCoverWhole | null;
  person: string | null;
  onPerson: (person: string) => void;
  onOpen: (person: string) => void;
  editing: Editing | null;
}

const nobody = () => Promise.resolve(null);

export function DayChart(props: Props) {
  const { plan, people, roster, bad, day, cover, person, onPerson, onOpen, editing } = props;
  const { t } = useWords();
  const [all, setAll] = useState(false);
  const [drag, setDrag] = useState<{ shift: RosterShift; cell: RosterCell } | null>(null);
  const from = useRef<{ x: number; width: number; grip: Grip; shift: RosterShift } | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const [begin, end] = useMemo(() => hoursShown(plan), [plan]);
  const wide = end - begin;
  const rows = useMemo(() => {
    const working = people.filter((one) => roster.has(keyOf(one.id, day)));
    const start = (one: ProblemPerson) => roster.get(keyOf(one.id, day))?.start ?? 0;
    working.sort((a, b) => start(a) - start(b) || a.id.localeCompare(b.id));
    return all ? [...working, ...people.filter((one) => !roster.has(keyOf(one.id, day)))] : working;
  }, [people, roster, day, all]);
  const changing = useMemo(() => (drag && !isSame(drag.cell, drag.shift) ? [drag.cell] : null), [drag]);
  const dry = useDry(changing, editing?.ask ?? nobody);

  const press = (event: PointerEvent, shift: RosterShift, grip: Grip) => {
    if (event.button !== 0) return;
    onPerson(shift.person);
    event.stopPropagation();
    const track = event.currentTarget.closest<HTMLElement>(".hours-track");
    if (!editing || !track) return;
    from.current = { x: event.clientX, width: track.clientWidth, grip, shift };
    track.setPointerCapture(event.pointerId);
  };
  const move = (event: PointerEvent) => {
    const held = from.current;
    if (!held) return;
    const minutes = Math.round(((event.clientX - held.x) / held.width) * wide);
    const rule = plan.shifts.get(held.shift.shift);
    if (!rule || (!drag && Math.abs(event.clientX - held.x) < 4)) return;
    setDrag({ shift: held.shift, cell: changed(held.shift, rule, held.grip, minutes) });
  };
  const release = () => {
    from.current = null;
    if (!drag) return;
    setDrag(null);
    if (!isSame(drag.cell, drag.shift)) void editing?.propose([drag.cell]);
  };
  const key = (event: KeyboardEvent, n: number, shift: RosterShift | undefined) => {
    const to = event.key === "ArrowDown" ? n + 1 : event.key === "ArrowUp" ? n - 1 : null;
    const rule = shift && plan.shifts.get(shift.shift);
    if (to !== null) {
      const next = rows[to];
      if (next) onPerson(next.id);
      requestAnimationFrame(() =>
        box.current?.querySelector<HTMLElement>('.hours-track[tabindex="0"]')?.focus(),
      );
    } else if (event.key === "Enter") onOpen(rows[n]?.id ?? "");
    else if (editing && shift && rule && (event.key === "ArrowLeft" || event.key === "ArrowRight")) {
      const sign = event.key === "ArrowLeft" ? -1 : 1;
      const grip: Grip = { kind: event.shiftKey ? "end" : event.altKey ? "begin" : "whole" };
      const step = event.shiftKey ? (rule.length_step ?? 15) : (rule.start_step ?? 15);
      const cell = changed(shift, rule, grip, sign * step);
      if (!isSame(cell, shift)) void editing.propose([cell]);
    } else if (editing && shift && event.key === "Delete") void editing.propose([free(shift)]);
    else return;
    event.preventDefault();
  };
  const hours: number[] = [];
  for (let at = Math.ceil(begin / 60) * 60; at <= end; at += wide > 18 * 60 ? 120 : 60) hours.push(at);
  const left = (minute: number) => `${((minute - begin) / wide) * 100}%`;
  const width = (minutes: number) => `${(minutes / wide) * 100}%`;
  return (
    <div className="hours" ref={box} data-testid="day-chart">
      {cover?.demands.map((one) => (
        <div key={one.name} className="hours-row cover">
          <div className="gantt-name fine">
            <b>{one.name}</b>
          </div>
          <DayCover cover={cover} name={one.name} day={day} begin={begin} end={end} height={48} />
          <div />
        </div>
      ))}
      <div className="hours-row head" aria-hidden>
        <div className="gantt-name">
          <Checkbox
            size="xs"
            label={t("sched.day.all")}
            checked={all}
            onChange={(event) => setAll(event.currentTarget.checked)}
          />
        </div>
        <div className="hours-axis">
          {hours.map((at) => (
            <span key={at} style={{ left: left(at) }}>
              {minuteText(at % 1440)}
            </span>
          ))}
        </div>
        <div />
      </div>
      <div className="hours-rows">
        {rows.map((one, n) => {
          const shift = roster.get(keyOf(one.id, day));
          const held = drag && drag.shift.person === one.id ? drag.cell : null;
          const shown = held ? { ...shift, ...held } : shift;
          const rule = shift && plan.shifts.get(shift.shift);
          const here = one.id === person || (n === 0 && !rows.some((each) => each.id === person));
          const name = plan.name(one.id);
          const said = shift
            ? `${name}: ${shift.shift} ${hoursOf(shift.start, shift.length)}`
            : `${name}: ${t("sched.free")}`;
          return (
            <div key={one.id} className="hours-row" data-here={one.id === person || undefined}>
              <div className="gantt-name name" title={name}>
                {name}
              </div>
              <div
                className="hours-track"
                role="button"
                tabIndex={here ? 0 : -1}
                aria-label={said}
                aria-describedby="day-keys"
                style={{ "--hours": wide / 60 } as React.CSSProperties}
                onKeyDown={(event) => key(event, n, shift)}
                onFocus={() => onPerson(one.id)}
                onDoubleClick={() => onOpen(one.id)}
                onPointerMove={move}
                onPointerUp={release}
                onPointerCancel={() => {
                  from.current = null;
                  setDrag(null);
                }}
                data-testid={`bar-${one.id}`}
              >
                {shown?.shift && shown.start != null && shown.length != null ? (
                  <div
                    className="hours-bar"
                    data-tone={toneOf(shown.start)}
                    data-bad={bad.has(keyOf(one.id, day)) || undefined}
                    data-fixed={rule && !isFlexible(rule) ? true : undefined}
                    style={{ left: left(shown.start), width: width(shown.length) }}
                    onPointerDown={(event) => shift && press(event, shift, { kind: "whole" })}
                  >
                    {rule && startsOf(rule).length > 1 && lengthsOf(rule).length > 1 ? (
                      <span
                        className="hours-grip"
                        onPointerDown={(event) => shift && press(event, shift, { kind: "begin" })}
                      />
                    ) : null}
                    <b>{shown.shift}</b>
                    {rule && lengthsOf(rule).length > 1 ? (
                      <span
                        className="hours-grip end"
                        onPointerDown={(event) => shift && press(event, shift, { kind: "end" })}
                      />
                    ) : null}
                  </div>
                ) : null}
                {(shown?.breaks ?? []).map((block, place) => (
                  <span
                    key={`${block.name} ${block.start}`}
                    className="hours-block break"
                    title={`${block.name} ${hoursOf(block.start, block.minutes)}`}
                    style={{ left: left(block.start), width: width(block.minutes) }}
                    onPointerDown={(event) => shift && press(event, shift, { kind: "break", place })}
                  />
                ))}
                {(shown?.activities ?? []).map((block) => (
                  <span
                    key={`${block.name} ${block.start}`}
                    className="hours-block activity"
                    title={`${block.name} ${hoursOf(block.start, block.minutes)}`}
                    style={{ left: left(block.start), width: width(block.minutes) }}
                  />
                ))}
                {(shown?.duties ?? []).map((block) => (
                  <span
                    key={`${block.name} ${block.start}`}
                    className="hours-block duty"
                    title={`${block.name || t("sched.duty")} ${hoursOf(block.start, block.minutes)}`}
                    style={{ left: left(block.start), width: width(block.minutes) }}
                  />
                ))}
              </div>
              <div className="fine num dim hours-said">
                {shown?.start != null && shown.length != null ? hoursOf(shown.start, shown.length) : ""}
              </div>
            </div>
          );
        })}
        {rows.length ? null : (
          <Text size="sm" className="dim" p="md">
            {t("sched.day.nobody")}
          </Text>
        )}
      </div>
      <Group justify="space-between" gap="md" mt={6} align="flex-start" mih={22}>
        <Group gap={12} className="fine dim">
          <span>
            <span className="piece-key break" aria-hidden /> {t("sched.break")}
          </span>
          <span>
            <span className="piece-key activity" aria-hidden /> {t("sched.activity")}
          </span>
          <span>
            <span className="piece-key duty" aria-hidden /> {t("sched.duty")}
          </span>
          {editing ? <span id="day-keys">{t("sched.day.keys")}</span> : null}
        </Group>
        {dry.changed ? <Difference plan={plan} difference={dry.changed.difference} brief /> : null}
      </Group>
    </div>
  );
}

function changed(shift: RosterShift, rule: ProblemShift, grip: Grip, minutes: number): RosterCell {
  switch (grip.kind) {
    case "whole":
      return begun(shift, rule, shift.start + minutes);
    case "begin":
      return begunEarlier(shift, rule, shift.start + minutes);
    case "end":
      return ended(shift, rule, shift.start + shift.length + minutes);
    case "break":
      return broken(shift, rule, grip.place, (shift.breaks[grip.place]?.start ?? 0) + minutes);
  }
}

/** From the first begin to the last end there is, in whole hours. */
function hoursShown(plan: Plan): [number, number] {
  const begins = plan.file.shifts.map((one) => one.start);
  const ends = plan.file.shifts.map((one) => (one.latest_start ?? one.start) + (one.longest ?? one.length));
  const begin = Math.floor(Math.min(...begins, 24 * 60) / 60) * 60;
  const end = Math.ceil(Math.max(...ends, 60) / 60) * 60;
  return begin < end ? [begin, end] : [0, 24 * 60];
}
