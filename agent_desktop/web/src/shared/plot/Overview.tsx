/** The whole of a line, small, with the stretch the plot above shows: drawn anew, moved or pulled by its ends. */

import { useComputedColorScheme } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { type PointerEvent, useLayoutEffect, useRef } from "react";
import { extent } from "./columns";
import { type Line, paint } from "./layers";
import { linear } from "./scale";
import type { Limits, Move, View } from "./view";

interface Props {
  times: Float64Array;
  line: Line;
  /** Where two points are too far apart to be one line, in ms. */
  gap: number;
  interval: number;
  limits: Limits;
  view: View;
  onMove: (move: Move) => void;
}

const HEIGHT = 40;
/** As in the plot above, so that times stand under each other. */
const LEFT = 52;
const RIGHT = 10;
/** An end is taken within so many pixels. */
const GRIP = 7;

type Held = { what: "from" | "to" | "both" | "new"; x: number; view: View };

export function Overview({ times, line, gap, interval, limits, view, onMove }: Props) {
  const { ref, width } = useElementSize();
  const scheme = useComputedColorScheme("light");
  const canvas = useRef<HTMLCanvasElement>(null);
  const held = useRef<Held | null>(null);
  const right = Math.max(LEFT + 1, width - RIGHT);
  const x = linear([limits.from, limits.to], [LEFT, right]);
  const time = linear([LEFT, right], [limits.from, limits.to]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another scheme has other colours; x follows
  useLayoutEffect(() => {
    const on = canvas.current?.getContext("2d");
    if (!on || !canvas.current || width === 0) return;
    const dense = window.devicePixelRatio || 1;
    canvas.current.width = Math.round(width * dense);
    canvas.current.height = Math.round(HEIGHT * dense);
    on.setTransform(dense, 0, 0, dense, 0, 0);
    on.clearRect(0, 0, width, HEIGHT);
    const [low, high] = extent(times, [line.values], limits.from, limits.to) ?? [0, 1];
    const y = linear([Math.min(0, low), Math.max(high, 1e-9)], [HEIGHT - 2, 3]);
    const frame = { view: limits, x, y, left: LEFT, right, top: 0, bottom: HEIGHT, interval, gap };
    paint(on, times, [{ ...line, width: 1 }], frame, getComputedStyle(canvas.current));
  }, [times, line, gap, interval, limits.from, limits.to, width, scheme]);

  const at = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    return Math.max(LEFT, Math.min(right, event.clientX - box.left));
  };
  const press = (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const here = at(event);
    const [from, to] = [x(view.from), x(view.to)];
    const whole = view.from <= limits.from && view.to >= limits.to;
    const what =
      Math.abs(here - from) <= GRIP
        ? "from"
        : Math.abs(here - to) <= GRIP
          ? "to"
          : here > from && here < to && !whole
            ? "both"
            : "new";
    held.current = { what, x: here, view };
  };
  const pull = (event: PointerEvent<HTMLElement>) => {
    const hold = held.current;
    if (!hold) return;
    const here = at(event);
    const by = time(here) - time(hold.x);
    if (hold.what === "new") {
      if (Math.abs(here - hold.x) > 3) onMove({ kind: "show", from: time(hold.x), to: time(here) });
    } else
      onMove({
        kind: "show",
        from: hold.what === "to" ? hold.view.from : hold.view.from + by,
        to: hold.what === "from" ? hold.view.to : hold.view.to + by,
      });
  };
  return (
    <div
      ref={ref}
      className="overview"
      style={{ height: HEIGHT }}
      onPointerDown={press}
      onPointerMove={pull}
      onPointerUp={() => {
        held.current = null;
      }}
      onPointerCancel={() => {
        held.current = null;
      }}
      // The plot's own keys do the same.
      aria-hidden
    >
      <canvas ref={canvas} style={{ width, height: HEIGHT }} />
      <span className="window" style={{ left: x(view.from), width: Math.max(2, x(view.to) - x(view.from)) }}>
        <span className="grip" />
        <span className="grip" />
      </span>
    </div>
  );
}
