/** Minutes away by person and column (a day, or an interval of one), those who were away longest first. */

import { type CSSProperties, type KeyboardEvent, memo, useRef, useState } from "react";
import { dayWords, shareWords } from "../../shared/format";
import { dayText, HOUR, type ZoneClock } from "../../shared/plot/zone";
import { minutesWords } from "../../shared/rosterSaid";
import type { AdherenceLine } from "../../shared/schema";
import { useWords } from "../../shared/words";
import { timeWords } from "../time";
import { awayOf, type Grid, strength } from "./lines";

interface Props {
  grid: Grid;
  totals: readonly AdherenceLine[];
  names: Record<string, string>;
  clock: ZoneClock;
  by: "day" | "interval";
  chosen: string | null;
  onPerson: (person: string) => void;
  onCell: (person: string, column: number) => void;
  onColumn: ((column: number) => void) | null;
}

export function Heat(props: Props) {
  const { t } = useWords();
  const [said, setSaid] = useState("");
  return (
    <>
      <Cells {...props} onSaid={setSaid} />
      <p className="heat-said dim">
        {said || t(props.by === "day" ? "adherence.heat.help" : "adherence.heat.day")}
      </p>
    </>
  );
}

const STEPS: Record<string, [number, number]> = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
};
/** Hours told over intervals, so that they fit beside each other. */
const HEADS = 14;

/** Drawn anew only with other figures: what is said of a cell changes with every move of the mouse. */
const Cells = memo(function Cells(props: Props & { onSaid: (words: string) => void }) {
  const { grid, totals, names, clock, by, chosen, onPerson, onCell, onColumn, onSaid } = props;
  const { t, language } = useWords();
  const table = useRef<HTMLTableElement>(null);
  const { columns } = grid;
  const sums = new Map(totals.map((one) => [one.person, one]));
  const short = new Intl.DateTimeFormat(language, { weekday: "short", day: "numeric", timeZone: clock.zone });
  const full = (column: number) =>
    by === "day" ? dayWords(dayText(clock.day(column)), language) : timeWords(column, clock, language);
  const words = (person: string, column: number): string => {
    const line = grid.at(person, column);
    const who = `${names[person] ?? person}, ${full(column)}`;
    if (line?.scheduled_s) {
      const away = minutesWords(awayOf(line) / 60, t);
      return `${who}: ${t("adherence.cell", away, minutesWords(line.scheduled_s / 60, t))}`;
    }
    return `${who}: ${t(line?.excused_s ? "adherence.excused" : "roster.off")}`;
  };
  const key = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    const from = (event.target as HTMLElement).dataset;
    if (!step || from.row === undefined || from.column === undefined) return;
    event.preventDefault();
    const [row, column] = [Number(from.row) + step[0], Number(from.column) + step[1]];
    table.current?.querySelector<HTMLElement>(`[data-row="${row}"][data-column="${column}"]`)?.focus();
  };
  const hours = ((columns.at(-1) ?? 0) - (columns[0] ?? 0)) / HOUR;
  const every = 60 * Math.max(1, Math.ceil(hours / HEADS));
  return (
    <div className="away">
      {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a grid is what tables become by it */}
      <table ref={table} role="grid" aria-label={t("adherence.away")} onKeyDown={key}>
        <thead>
          <tr>
            <td className="who" />
            <th scope="col" className="kept">
              {t("adherence.kept")}
            </th>
            {columns.map((column) => (
              <th key={column} scope="col">
                {onColumn ? (
                  <button type="button" onClick={() => onColumn(column)} title={full(column)}>
                    {short.format(column)}
                  </button>
                ) : clock.minute(column) % every === 0 ? (
                  <span className="over">{timeWords(column, clock, language)}</span>
                ) : null}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {grid.people.map((person, row) => (
            <tr key={person} className={person === chosen ? "chosen" : undefined}>
              <th scope="row" className="who">
                <button type="button" className="link" onClick={() => onPerson(person)}>
                  {names[person] ?? person}
                </button>
              </th>
              <td className="kept num">{shareWords(sums.get(person)?.adherence, language)}</td>
              {columns.map((column, n) => {
                const line = grid.at(person, column);
                const away = line ? awayOf(line) : 0;
                const strong = line ? strength(away, line.scheduled_s) : 0;
                const choose = () => onCell(person, column);
                const tell = () => onSaid(words(person, column));
                return (
                  <td
                    key={column}
                    // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a cell of the grid
                    role="gridcell"
                    tabIndex={row === 0 && n === 0 ? 0 : -1}
                    data-row={row}
                    data-column={n}
                    data-planned={Boolean(line?.scheduled_s || line?.excused_s) || undefined}
                    data-excused={Boolean(line?.excused_s && !line.scheduled_s) || undefined}
                    data-strong={strong > 0.5 || undefined}
                    style={{ "--strength": `${Math.round(strong * 100)}%` } as CSSProperties}
                    aria-label={words(person, column)}
                    onFocus={tell}
                    onMouseEnter={tell}
                    onClick={choose}
                    onKeyDown={(event) => {
                      if (event.key !== "Enter" && event.key !== " ") return;
                      event.preventDefault();
                      choose();
                    }}
                  >
                    {by === "day" && away >= 60 ? Math.round(away / 60) : ""}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
});
