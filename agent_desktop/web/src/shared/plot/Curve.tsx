/** Lines over figures (people, times of day): walked through by keyboard as a plot over time is. */

import { useElementSize } from "@mantine/hooks";
import { type KeyboardEvent, useId } from "react";
import { nearest } from "./columns";
import { linear, roundTicks } from "./scale";

export interface CurveLine {
  name: string;
  /** A CSS colour. */
  color: string;
  values: readonly (number | null)[];
  dash?: string;
}

interface Props {
  label: string;
  xs: readonly number[];
  lines: readonly CurveLine[];
  xText: (x: number) => string;
  yText: (y: number) => string;
  /** What the axis goes up to at the least, and at the most. */
  least?: number;
  most?: number;
  /** What the axis begins at; else 0, or less where figures are. */
  from?: number;
  /** Where figures stand under it; else round ones. */
  ticks?: readonly number[];
  /** A place in `xs` that is marked, such as the number of people required. */
  mark?: number | null;
  /** A height that is marked, such as a target. */
  level?: number | null;
  cursor: number | null;
  onCursor: (at: number | null) => void;
  said: (at: number) => string;
  onPick?: (at: number) => void;
  height?: number;
  testid?: string;
}

const TOP = 10;
const BOTTOM = 24;
const LEFT = 44;
const RIGHT = 12;

export function Curve(props: Props) {
  const { xs, lines, xText, yText, mark, level, cursor, onCursor, height = 220 } = props;
  const { ref, width } = useElementSize();
  const clip = useId();
  const right = Math.max(LEFT + 1, width - RIGHT);
  const bottom = height - BOTTOM;
  const known = lines.flatMap((line) => line.values.filter((one): one is number => one !== null));
  const low = props.from ?? Math.min(0, ...known);
  const high = Math.min(
    props.most ?? Number.POSITIVE_INFINITY,
    Math.max(props.least ?? 0, level ?? 0, ...known, 1e-9),
  );
  const x = linear([xs[0] ?? 0, xs.at(-1) ?? 1], [LEFT, right]);
  const y = linear([low, props.most === high ? high : high + (high - low) * 0.04], [bottom, TOP]);
  const last = xs.length - 1;
  const here = cursor ?? mark ?? 0;
  const key = (event: KeyboardEvent) => {
    const to: Record<string, number> = {
      ArrowLeft: here - 1,
      ArrowDown: here - 1,
      ArrowRight: here + 1,
      ArrowUp: here + 1,
      PageUp: here - 10,
      PageDown: here + 10,
      Home: 0,
      End: last,
    };
    if (event.key === "Enter" && props.onPick) {
      props.onPick(here);
      event.preventDefault();
      return;
    }
    const at = to[event.key];
    if (at === undefined) return;
    event.preventDefault();
    onCursor(Math.max(0, Math.min(last, at)));
  };
  const at = (element: HTMLElement, clientX: number) => {
    const left = element.getBoundingClientRect().left;
    const place = linear([LEFT, right], [xs[0] ?? 0, xs.at(-1) ?? 1])(clientX - left);
    return nearest(xs, place);
  };
  return (
    <div ref={ref}>
      <div
        className="curve"
        role="slider"
        aria-label={props.label}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, last)}
        aria-valuenow={Math.max(0, Math.min(last, here))}
        aria-valuetext={xs.length ? props.said(Math.max(0, Math.min(last, here))) : undefined}
        tabIndex={0}
        onKeyDown={key}
        onPointerMove={(event) => onCursor(at(event.currentTarget, event.clientX))}
        onPointerLeave={() => onCursor(null)}
        onClick={(event) => props.onPick?.(at(event.currentTarget, event.clientX))}
        data-testid={props.testid}
      >
        <svg width={width} height={height} className="chart" aria-hidden>
          <clipPath id={clip}>
            <rect x={LEFT} y={TOP - 2} width={right - LEFT + 2} height={bottom - TOP + 4} />
          </clipPath>
          {roundTicks(low, high, 4).map((value) => (
            <g key={value}>
              <line x1={LEFT} x2={right} y1={y(value)} y2={y(value)} className="grid" />
              <text x={LEFT - 6} y={y(value) + 4} textAnchor="end">
                {yText(value)}
              </text>
            </g>
          ))}
          {xs.length
            ? (
                props.ticks ??
                roundTicks(xs[0] ?? 0, xs.at(-1) ?? 1, Math.max(2, Math.floor((right - LEFT) / 64)))
              ).map((value) => (
                <text key={value} x={x(value)} y={height - 7} textAnchor="middle">
                  {xText(value)}
                </text>
              ))
            : null}
          {level === null || level === undefined ? null : (
            <line x1={LEFT} x2={right} y1={y(level)} y2={y(level)} className="level" />
          )}
          {mark === null || mark === undefined || xs[mark] === undefined ? null : (
            <line x1={x(xs[mark])} x2={x(xs[mark])} y1={TOP} y2={bottom} className="mark" />
          )}
          <g clipPath={`url(#${clip})`}>
            {lines.map((line) => (
              <polyline
                key={line.name}
                points={line.values
                  .map((value, n) => (value === null ? "" : `${x(xs[n] ?? 0)},${y(value)}`))
                  .filter(Boolean)
                  .join(" ")}
                fill="none"
                stroke={line.color}
                strokeWidth={1.75}
                strokeDasharray={line.dash}
              />
            ))}
          </g>
          {cursor === null || xs[cursor] === undefined ? null : (
            <g>
              <line x1={x(xs[cursor])} x2={x(xs[cursor])} y1={TOP} y2={bottom} className="here" />
              {lines.map((line) => {
                const value = line.values[cursor];
                return value === null || value === undefined ? null : (
                  <circle key={line.name} cx={x(xs[cursor] ?? 0)} cy={y(value)} r={3.5} fill={line.color} />
                );
              })}
            </g>
          )}
        </svg>
      </div>
    </div>
  );
}
