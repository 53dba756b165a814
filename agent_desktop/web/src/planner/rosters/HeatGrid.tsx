// biome-ignore-all lint/a11y/noNoninteractiveElementToInteractiveRole: cells of the table are walked through
/** A table of colours that lean to one side or the other: arrows walk through it, the cell is said in words. */

import { type KeyboardEvent, memo, useRef, useState } from "react";
import { lean } from "./cover";

export interface HeatCell {
  required: number;
  difference: number;
  text: string;
  said: string;
}

export interface HeatRow {
  key: string;
  label: string;
  cells: HeatCell[];
}

interface Props {
  label: string;
  rows: readonly HeatRow[];
  /** Above the columns; "" where nothing stands. */
  heads: readonly string[];
  /** The row that is chosen. */
  chosen?: string;
  tall?: boolean;
  onPick: (row: HeatRow, place: number) => void;
  testid?: string;
}

export function HeatGrid({ label, rows, heads, chosen, tall, onPick, testid }: Props) {
  const table = useRef<HTMLTableElement>(null);
  const [at, setAt] = useState<[number, number]>([0, 0]);
  const [over, setOver] = useState<[number, number] | null>(null);
  const row = Math.min(at[0], rows.length - 1);
  const place = Math.min(at[1], heads.length - 1);
  const placeOf = (target: EventTarget): [number, number] | null => {
    const found = (target as HTMLElement)
      .closest<HTMLElement>("[data-at]")
      ?.dataset.at?.split(" ")
      .map(Number);
    return found ? [found[0] ?? 0, found[1] ?? 0] : null;
  };
  const key = (event: KeyboardEvent) => {
    const steps: Record<string, [number, number]> = {
      ArrowLeft: [0, -1],
      ArrowRight: [0, 1],
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
      Home: [0, -1e6],
      End: [0, 1e6],
    };
    const here = rows[row];
    if ((event.key === "Enter" || event.key === " ") && here) {
      event.preventDefault();
      onPick(here, place);
      return;
    }
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    const next: [number, number] = [
      Math.max(0, Math.min(rows.length - 1, row + step[0])),
      Math.max(0, Math.min(heads.length - 1, place + step[1])),
    ];
    setAt(next);
    setOver(next);
    table.current?.querySelector<HTMLElement>(`[data-at="${next[0]} ${next[1]}"]`)?.focus();
  };
  return (
    <div className="lean">
      <table
        ref={table}
        role="grid"
        aria-label={label}
        data-tall={tall || undefined}
        onKeyDown={key}
        onPointerOver={(event) => setOver(placeOf(event.target))}
        onPointerLeave={() => setOver(null)}
        onClick={(event) => {
          const found = placeOf(event.target);
          const picked = found && rows[found[0]];
          if (!picked) return;
          setAt(found);
          onPick(picked, found[1]);
        }}
        data-testid={testid}
      >
        <thead>
          <tr>
            <td />
            {heads.map((head, n) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: heads are places
              <th key={n} scope="col">
                {head ? <span>{head}</span> : null}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((one, n) => (
            <Row key={one.key} row={one} index={n} tab={n === row ? place : -1} chosen={one.key === chosen} />
          ))}
        </tbody>
      </table>
      <div className="heat-said num" aria-hidden>
        {over ? rows[over[0]]?.cells[over[1]]?.said : ""}
      </div>
    </div>
  );
}

interface RowProps {
  row: HeatRow;
  index: number;
  /** The cell that is reached by Tab; -1 in all other rows. */
  tab: number;
  chosen: boolean;
}

const Row = memo(function Row({ row, index, tab, chosen }: RowProps) {
  return (
    <tr data-chosen={chosen || undefined}>
      <th scope="row">{row.label}</th>
      {row.cells.map((cell, n) => {
        const side = lean(cell.difference, cell.required);
        return (
          <td
            // biome-ignore lint/suspicious/noArrayIndexKey: cells are places
            key={n}
            role="gridcell"
            tabIndex={n === tab ? 0 : -1}
            data-at={`${index} ${n}`}
            data-side={side < 0 ? "short" : side > 0 ? "beyond" : cell.required ? "even" : undefined}
            aria-label={cell.said}
            style={
              side
                ? ({ "--strength": `${Math.round(Math.abs(side) * 100)}%` } as React.CSSProperties)
                : undefined
            }
          >
            {cell.text}
          </td>
        );
      })}
    </tr>
  );
});
