/**
 * Lines over time, of any length: dragged, zoomed and walked through by keyboard without a hitch. Data are on a
 * canvas, the axes beside them are SVG; what stands at the cursor is said by the legend above, and to those who
 * hear the page.
 */

import { useComputedColorScheme } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { type KeyboardEvent, type PointerEvent, useEffect, useLayoutEffect, useMemo, useRef } from "react";
import { extent, nearest } from "./columns";
import { type Frame, type Layer, type Mark, paint, paintMarks, paintStretches, type Stretch } from "./layers";
import { linear, roundTicks } from "./scale";
import { gapOf, placed, timeTicks } from "./timeTicks";
import type { Move, View } from "./view";
import { DAY, type ZoneClock } from "./zone";

export interface PlotProps {
  label: string;
  clock: ZoneClock;
  locale: string;
  /** Of one point, in ms. */
  interval: number;
  /** Ascending, in ms. */
  times: Float64Array;
  layers: readonly Layer[];
  stretches?: readonly Stretch[];
  marks?: readonly Mark[];
  view: View;
  onMove: (move: Move) => void;
  /** A place in `times`. */
  cursor: number | null;
  onCursor: (at: number | null) => void;
  /** What is to be known of a place, in words. */
  said: (at: number) => string;
  onMark?: (id: string) => void;
  height?: number;
  format?: (value: number) => string;
  testid?: string;
}

const TOP = 10;
const BOTTOM = 24;
const LEFT = 52;
const RIGHT = 10;
/** A time label needs so many pixels. */
const LABEL = 76;
/** A pointer this near to a mark means it, in pixels. */
const NEAR = 10;
/** Moved less than this, a pointer that was pressed has clicked, in pixels. */
const STILL = 4;

export function Plot(props: PlotProps) {
  const { times, layers, stretches = [], marks = [], view, onMove, cursor, onCursor, height = 300 } = props;
  const { ref, width } = useElementSize();
  const scheme = useComputedColorScheme("light");
  const canvas = useRef<HTMLCanvasElement>(null);
  const drag = useRef<{ x: number; moved: boolean } | null>(null);
  const bottom = height - BOTTOM;
  const right = Math.max(LEFT + 1, width - RIGHT);

  const frame = useMemo<Frame>(() => {
    const lines = layers.flatMap((one) =>
      one.kind !== "band" ? [one.values] : one.rare ? [] : [one.high, one.low],
    );
    const [low, high] = extent(times, lines, view.from, view.to) ?? [0, 1];
    const floor = Math.min(0, low);
    const steps = roundTicks(floor, high > floor ? high * 1.06 : floor + 1, 4);
    const step = (steps[1] ?? 1) - (steps[0] ?? 0) || 1;
    const most = Math.max(floor + step, Math.ceil((high * 1.03) / step) * step);
    return {
      view,
      x: linear([view.from, view.to], [LEFT, right]),
      y: linear([floor, most], [bottom, TOP]),
      left: LEFT,
      right,
      top: TOP,
      bottom,
      interval: props.interval,
      gap: gapOf(props.interval),
    };
  }, [times, layers, view, right, bottom, props.interval]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another scheme has other colours
  useLayoutEffect(() => {
    const on = canvas.current?.getContext("2d");
    if (!on || !canvas.current || width === 0) return;
    const dense = window.devicePixelRatio || 1;
    canvas.current.width = Math.round(width * dense);
    canvas.current.height = Math.round(height * dense);
    on.setTransform(dense, 0, 0, dense, 0, 0);
    on.clearRect(0, 0, width, height);
    const styles = getComputedStyle(canvas.current);
    paintStretches(on, stretches, frame, styles);
    paint(on, times, layers, frame, styles);
    paintMarks(on, marks, frame, styles);
  }, [times, layers, stretches, marks, frame, width, height, scheme]);

  const timeOf = (x: number) => view.from + ((x - LEFT) / (right - LEFT)) * (view.to - view.from);

  // A wheel that zooms must not scroll the page as well; React's own listener cannot say so.
  const wheel = useRef<(event: WheelEvent) => void>(() => {});
  wheel.current = (event) => {
    const zooms = event.ctrlKey || event.metaKey;
    const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey;
    if (!zooms && !sideways) return;
    event.preventDefault();
    const by = sideways && !zooms ? event.deltaX || event.deltaY : event.deltaY;
    if (zooms) onMove({ kind: "zoom", at: timeOf(event.offsetX), factor: Math.exp(by * 0.003) });
    else onMove({ kind: "pan", by: by / (right - LEFT) });
  };
  useEffect(() => {
    const element = canvas.current;
    const hear = (event: WheelEvent) => wheel.current(event);
    element?.addEventListener("wheel", hear, { passive: false });
    return () => element?.removeEventListener("wheel", hear);
  }, []);

  const point = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const hover = (event: PointerEvent<HTMLElement>) => {
    const { x } = point(event);
    if (!drag.current) {
      const at = nearest(times, timeOf(x));
      onCursor(at < 0 ? null : at);
      return;
    }
    const by = x - drag.current.x;
    if (!drag.current.moved && Math.abs(by) < STILL) return;
    drag.current = { x, moved: true };
    onMove({ kind: "pan", by: -by / (right - LEFT) });
  };
  const press = (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { x: point(event).x, moved: false };
  };
  const release = (event: PointerEvent<HTMLElement>) => {
    const was = drag.current;
    drag.current = null;
    if (!was || was.moved || !props.onMark) return;
    const { x, y } = point(event);
    const far = (one: Mark) => Math.hypot(frame.x(one.at) - x, clampY(frame, one.value) - y);
    const found = [...marks].sort((a, b) => far(a) - far(b))[0];
    if (found && far(found) <= NEAR) props.onMark(found.id);
  };

  const walk = (to: number) => {
    if (!times.length) return;
    const at = Math.max(0, Math.min(times.length - 1, to));
    onCursor(at);
    onMove({ kind: "reveal", at: times[at] as number });
  };
  const here = cursor ?? nearest(times, (view.from + view.to) / 2);
  const middle = cursor === null ? (view.from + view.to) / 2 : (times[cursor] as number);
  const key = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = keyed(event.key, event.shiftKey);
    if (!act) return;
    event.preventDefault();
    const far = (ms: number) => nearest(times, (times[here] as number) + ms);
    if (act === "left" || act === "right") walk(cursor === null ? here : here + (act === "left" ? -1 : 1));
    else if (act === "day before") walk(Math.min(far(-DAY), here - 1));
    else if (act === "day after") walk(Math.max(far(DAY), here + 1));
    else if (act === "first") walk(0);
    else if (act === "last") walk(times.length - 1);
    else if (act === "closer") onMove({ kind: "zoom", at: middle, factor: 1 / 1.6 });
    else if (act === "farther") onMove({ kind: "zoom", at: middle, factor: 1.6 });
    else if (act === "all") onMove({ kind: "all" });
    else if (act === "none") onCursor(null);
    else if (act === "pan left" || act === "pan right")
      onMove({ kind: "pan", by: act === "pan left" ? -0.25 : 0.25 });
  };

  const ticks = useMemo(
    () =>
      timeTicks(view, ((view.to - view.from) / Math.max(1, right - LEFT)) * LABEL, props.clock, props.locale),
    [view, right, props.clock, props.locale],
  );
  const [low, high] = [valueAt(frame, bottom), valueAt(frame, TOP)];
  const format = props.format ?? String;
  const at = cursor === null ? null : (times[cursor] as number);
  return (
    <div ref={ref} className="plot" style={{ height }}>
      <svg width={width} height={height} className="chart" aria-hidden>
        {roundTicks(low, high, 4).map((value) => (
          <g key={value}>
            <line x1={LEFT} x2={right} y1={frame.y(value)} y2={frame.y(value)} className="grid" />
            <text x={LEFT - 8} y={frame.y(value) + 4} textAnchor="end">
              {format(value)}
            </text>
          </g>
        ))}
        {ticks.map((tick) => (
          <g key={tick.at}>
            {tick.strong ? (
              <line x1={frame.x(tick.at)} x2={frame.x(tick.at)} y1={TOP} y2={bottom} className="grid" />
            ) : null}
            <line x1={frame.x(tick.at)} x2={frame.x(tick.at)} y1={bottom} y2={bottom + 4} className="grid" />
          </g>
        ))}
        {placed(ticks, frame.x, LEFT, width).map(({ tick, x, anchor }) => (
          <text
            key={tick.at}
            x={x}
            y={height - 6}
            textAnchor={anchor}
            className={tick.strong ? "strong" : undefined}
          >
            {tick.label}
          </text>
        ))}
      </svg>
      <canvas
        ref={canvas}
        role="slider"
        aria-label={props.label}
        aria-orientation="horizontal"
        aria-valuemin={0}
        aria-valuemax={Math.max(0, times.length - 1)}
        aria-valuenow={Math.max(0, here)}
        aria-valuetext={here < 0 ? undefined : props.said(here)}
        tabIndex={0}
        style={{ width, height }}
        onKeyDown={key}
        onPointerMove={hover}
        onPointerDown={press}
        onPointerUp={release}
        onPointerCancel={() => {
          drag.current = null;
        }}
        onPointerLeave={() => !drag.current && onCursor(null)}
        onDoubleClick={(event) =>
          onMove({ kind: "zoom", at: timeOf(event.nativeEvent.offsetX), factor: 1 / 2.5 })
        }
        data-testid={props.testid}
      />
      {at !== null && at >= view.from && at <= view.to ? (
        <span
          className="plot-cursor"
          style={{ left: frame.x(at), top: TOP, height: bottom - TOP }}
          aria-hidden
        />
      ) : null}
    </div>
  );
}

const clampY = (frame: Frame, value: number) =>
  Math.max(frame.top + 5, Math.min(frame.bottom - 5, frame.y(value)));

/** The value at a height, from the line's own two ends. */
function valueAt(frame: Frame, y: number): number {
  const per = frame.y(1) - frame.y(0);
  return (y - frame.y(0)) / per;
}

type Act =
  | "left"
  | "right"
  | "pan left"
  | "pan right"
  | "day before"
  | "day after"
  | "first"
  | "last"
  | "closer"
  | "farther"
  | "all"
  | "none";

function keyed(key: string, shift: boolean): Act | null {
  const acts: Record<string, Act> = {
    ArrowLeft: shift ? "pan left" : "left",
    ArrowRight: shift ? "pan right" : "right",
    ArrowDown: "left",
    ArrowUp: "right",
    PageUp: "day before",
    PageDown: "day after",
    Home: "first",
    End: "last",
    "+": "closer",
    "=": "closer",
    "-": "farther",
    "0": "all",
    Escape: "none",
  };
  return acts[key] ?? null;
}
