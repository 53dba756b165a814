import type { Shape } from "../../shared/plot/layers";

const PATHS: Record<Shape, string> = {
  up: "M8 2 L14 13 L2 13 Z",
  down: "M8 14 L2 3 L14 3 Z",
  diamond: "M8 1 L15 8 L8 15 L1 8 Z",
  square: "M3 3 H13 V13 H3 Z",
  ring: "M8 3 a5 5 0 1 0 0.01 0 Z",
  bar: "M6 1 H10 V15 H6 Z",
};

/** The mark of a kind of finding, as on the plot. */
export function Glyph({ shape, color }: { shape: Shape; color: string }) {
  const hollow = shape === "ring";
  return (
    <svg width={14} height={14} viewBox="0 0 16 16" style={{ flex: "none" }} aria-hidden>
      <path
        d={PATHS[shape]}
        fill={hollow ? "none" : color}
        stroke={hollow ? color : "none"}
        strokeWidth={hollow ? 2.5 : 0}
      />
    </svg>
  );
}
