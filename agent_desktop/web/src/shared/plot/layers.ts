/** What a plot is made of, and how it is painted on a canvas. Colours are CSS; sizes are CSS pixels. */

import { firstFrom, strokes } from "./columns";
import type { View } from "./view";

export interface Line {
  kind: "line" | "step";
  name: string;
  color: string;
  /** One for each time of the plot; NaN where there is none. */
  values: Float64Array;
  width?: number;
  dash?: readonly number[];
}

export interface Band {
  kind: "band";
  name: string;
  color: string;
  low: Float64Array;
  high: Float64Array;
  /** The plot is not made higher for it: what is rare runs out of sight. */
  rare?: boolean;
}

export type Layer = Line | Band;

/** A stretch of time that is tinted from top to bottom, such as a holiday. */
export interface Stretch {
  from: number;
  to: number;
  color: string;
  name: string;
}

export type Shape = "up" | "down" | "diamond" | "ring" | "square" | "bar";

/** A point that something is said about. */
export interface Mark {
  id: string;
  at: number;
  value: number;
  shape: Shape;
  color: string;
  /** Drawn larger, with a ring: the one that is being looked at. */
  chosen: boolean;
}

/** Where time and value are on the canvas. */
export interface Frame {
  view: View;
  x: (at: number) => number;
  y: (value: number) => number;
  left: number;
  right: number;
  top: number;
  bottom: number;
  interval: number;
  gap: number;
}

/** A colour as a canvas wants it: the value of a CSS variable where one is named. */
export function painted(color: string, styles: CSSStyleDeclaration): string {
  const name = /^var\((--[\w-]+)\)$/.exec(color)?.[1];
  return name ? styles.getPropertyValue(name).trim() || "#888" : color;
}

export function paint(
  on: CanvasRenderingContext2D,
  times: Float64Array,
  layers: readonly Layer[],
  frame: Frame,
  styles: CSSStyleDeclaration,
): void {
  on.save();
  on.beginPath();
  on.rect(frame.left, 0, frame.right - frame.left, frame.bottom + 1);
  on.clip();
  for (const layer of layers) {
    const color = painted(layer.color, styles);
    if (layer.kind === "band") paintBand(on, times, layer, frame, color);
    else if (layer.kind === "step") paintSteps(on, times, layer, frame, color);
    else paintLine(on, times, layer, frame, color);
  }
  on.restore();
}

/** One column of the screen as a stretch of time. */
const columnOf = ({ view, left, right }: Frame) => (view.to - view.from) / Math.max(1, right - left);

function paintLine(
  on: CanvasRenderingContext2D,
  times: Float64Array,
  line: Line,
  frame: Frame,
  color: string,
): void {
  const { view, x, y } = frame;
  on.strokeStyle = color;
  on.fillStyle = color;
  on.lineWidth = line.width ?? 1.5;
  on.lineJoin = "round";
  on.setLineDash([...(line.dash ?? [])]);
  const made = strokes(times, line.values, view.from, view.to, columnOf(frame), frame.gap);
  on.beginPath();
  made.forEach((one, n) => {
    const at = x(one.at);
    if (one.joined) on.lineTo(at, y(one.first));
    else on.moveTo(at, y(one.first));
    if (one.high > one.low) {
      on.lineTo(at, y(one.low));
      on.lineTo(at, y(one.high));
      on.lineTo(at, y(one.last));
    } else if (!one.joined && !made[n + 1]?.joined) {
      // A point alone has no line to be seen by.
      on.moveTo(at + 1.5, y(one.first));
      on.arc(at, y(one.first), 1.5, 0, 7);
    }
  });
  on.stroke();
  on.setLineDash([]);
}

/** Each value holds until the next time, as a number of people on a shift does. */
function paintSteps(
  on: CanvasRenderingContext2D,
  times: Float64Array,
  line: Line,
  frame: Frame,
  color: string,
): void {
  const { view, x, y } = frame;
  const begin = Math.max(0, firstFrom(times, view.from) - 1);
  const end = Math.min(times.length, firstFrom(times, view.to) + 1);
  on.strokeStyle = color;
  on.lineWidth = line.width ?? 1.5;
  on.setLineDash([...(line.dash ?? [])]);
  on.beginPath();
  let until = Number.NaN;
  for (let n = begin; n < end; n++) {
    const value = line.values[n] as number;
    if (Number.isNaN(value)) continue;
    const at = times[n] as number;
    if (at === until) on.lineTo(x(at), y(value));
    else on.moveTo(x(at), y(value));
    until = at + frame.interval;
    on.lineTo(x(until), y(value));
  }
  on.stroke();
  on.setLineDash([]);
}

function paintBand(
  on: CanvasRenderingContext2D,
  times: Float64Array,
  band: Band,
  frame: Frame,
  color: string,
): void {
  const { view, x, y } = frame;
  const column = columnOf(frame);
  const high = strokes(times, band.high, view.from, view.to, column, frame.gap);
  const low = strokes(times, band.low, view.from, view.to, column, frame.gap);
  on.fillStyle = color;
  // Both edges have values at the same times, so they break at the same places.
  for (let n = 0; n < high.length; ) {
    let end = n + 1;
    while (end < high.length && high[end]?.joined) end++;
    on.beginPath();
    for (let m = n; m < end; m++) on.lineTo(x(high[m]?.at ?? 0), y(high[m]?.high ?? 0));
    for (let m = Math.min(end, low.length) - 1; m >= n; m--)
      on.lineTo(x(low[m]?.at ?? 0), y(low[m]?.low ?? 0));
    on.fill();
    n = end;
  }
}

export function paintStretches(
  on: CanvasRenderingContext2D,
  stretches: readonly Stretch[],
  frame: Frame,
  styles: CSSStyleDeclaration,
): void {
  for (const one of stretches) {
    if (one.to <= frame.view.from || one.from >= frame.view.to) continue;
    const from = Math.max(frame.left, frame.x(one.from));
    // What is shorter than a column is still there.
    const to = Math.max(from + 1, Math.min(frame.right, frame.x(one.to)));
    on.fillStyle = painted(one.color, styles);
    on.fillRect(from, frame.top, to - from, frame.bottom - frame.top);
  }
}

export function paintMarks(
  on: CanvasRenderingContext2D,
  marks: readonly Mark[],
  frame: Frame,
  styles: CSSStyleDeclaration,
): void {
  const paper = painted("var(--cf-panel)", styles);
  for (const one of marks) {
    if (one.at < frame.view.from || one.at > frame.view.to) continue;
    const x = frame.x(one.at);
    const y = Math.max(frame.top + 5, Math.min(frame.bottom - 5, frame.y(one.value)));
    const size = one.chosen ? 7 : 4.5;
    on.beginPath();
    outline(on, one.shape, x, y, size);
    on.fillStyle = one.shape === "ring" ? paper : painted(one.color, styles);
    on.strokeStyle = one.shape === "ring" ? painted(one.color, styles) : paper;
    on.lineWidth = one.shape === "ring" ? 2 : 1.2;
    on.fill();
    on.stroke();
    if (!one.chosen) continue;
    on.beginPath();
    on.arc(x, y, size + 5, 0, 7);
    on.strokeStyle = painted(one.color, styles);
    on.lineWidth = 1.5;
    on.stroke();
  }
}

function outline(on: CanvasRenderingContext2D, shape: Shape, x: number, y: number, size: number): void {
  const corners: Record<Exclude<Shape, "ring">, [number, number][]> = {
    up: [
      [0, -1.1],
      [1, 0.8],
      [-1, 0.8],
    ],
    down: [
      [0, 1.1],
      [-1, -0.8],
      [1, -0.8],
    ],
    diamond: [
      [0, -1.15],
      [1.15, 0],
      [0, 1.15],
      [-1.15, 0],
    ],
    square: [
      [-0.85, -0.85],
      [0.85, -0.85],
      [0.85, 0.85],
      [-0.85, 0.85],
    ],
    bar: [
      [-0.35, -1.3],
      [0.35, -1.3],
      [0.35, 1.3],
      [-0.35, 1.3],
    ],
  };
  if (shape === "ring") {
    on.arc(x, y, size * 0.85, 0, 7);
    return;
  }
  for (const [dx, dy] of corners[shape]) on.lineTo(x + dx * size, y + dy * size);
  on.closePath();
}
