/** The usual week as a table of colours: arrows walk through it, the cell is said in words. */

import { type KeyboardEvent, useRef, useState } from "react";
import { useWords, type Word } from "../words";
import { type Heat, slotText, strength } from "./heat";
import { minuteText } from "./zone";

interface Props {
  label: string;
  heat: Heat;
  /** Minutes a slot is long. */
  minutes: number;
  /** A figure as it is said. */
  format: (value: number) => string;
  /** Figures stand in the cells. */
  figures?: boolean;
  testid?: string;
}

const DAYS: readonly Word[] = ["day.mon", "day.tue", "day.wed", "day.thu", "day.fri", "day.sat", "day.sun"];
/** From here on a cell is dark (or light, in the dark) and its figure the other way. */
const STRONG = 0.55;

export function HeatMap({ label, heat, minutes, format, figures = false, testid }: Props) {
  const { t } = useWords();
  const table = useRef<HTMLTableElement>(null);
  const [at, setAt] = useState<[number, number]>([0, 0]);
  const [over, setOver] = useState<[number, number] | null>(null);
  const row = Math.min(at[0], heat.days.length - 1);
  const place = Math.min(at[1], heat.slots.length - 1);
  const key = (event: KeyboardEvent) => {
    const steps: Record<string, [number, number]> = {
      ArrowLeft: [0, -1],
      ArrowRight: [0, 1],
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
      Home: [0, -1e6],
      End: [0, 1e6],
    };
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    const next: [number, number] = [
      Math.max(0, Math.min(heat.days.length - 1, row + step[0])),
      Math.max(0, Math.min(heat.slots.length - 1, place + step[1])),
    ];
    setAt(next);
    setOver(next);
    table.current?.querySelector<HTMLElement>(`[data-at="${next[0]} ${next[1]}"]`)?.focus();
  };
  const dayName = (day: number) => t(DAYS[day] ?? "day.mon");
  const said = (r: number, c: number) => {
    const value = heat.cells[r]?.[c] ?? Number.NaN;
    return `${dayName(heat.days[r] ?? 0)} ${slotText(heat.slots[c] ?? 0, minutes)}: ${Number.isNaN(value) ? "–" : format(value)}`;
  };
  // Whole hours, as far apart as there is room for them.
  const hours = Math.max(60, Math.ceil(heat.slots.length / 16) * minutes);
  return (
    <div className="heat">
      {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: its cells are walked through */}
      <table ref={table} role="grid" aria-label={label} onKeyDown={key} data-testid={testid}>
        <thead>
          <tr>
            <td />
            {heat.slots.map((slot) => (
              <th key={slot} scope="col" aria-label={slotText(slot, minutes)}>
                {slot % hours === 0 ? (
                  <span>{minuteText(slot).replace(/^0/, "").replace(":00", "")}</span>
                ) : null}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {heat.days.map((day, r) => (
            <tr key={day}>
              <th scope="row">{dayName(day)}</th>
              {heat.slots.map((slot, c) => {
                const value = heat.cells[r]?.[c] ?? Number.NaN;
                const strong = strength(value, heat.most);
                return (
                  <td
                    key={slot}
                    // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a cell of a grid is walked to
                    role="gridcell"
                    tabIndex={r === row && c === place ? 0 : -1}
                    data-at={`${r} ${c}`}
                    aria-label={said(r, c)}
                    className={strong > STRONG ? "strong" : undefined}
                    style={{ "--strength": `${Math.round(strong * 100)}%` } as React.CSSProperties}
                    onPointerEnter={() => setOver([r, c])}
                    onPointerLeave={() => setOver(null)}
                    onFocus={() => setOver([r, c])}
                    onBlur={() => setOver(null)}
                  >
                    {figures && !Number.isNaN(value) ? format(value) : null}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      <div className="heat-said num" aria-hidden>
        {over ? said(over[0], over[1]) : ""}
      </div>
    </div>
  );
}
