/** A shift as a bar: telephone, breaks, activities, duties, and the moment that is now. */

import type { Piece } from "../now";

interface Props {
  pieces: readonly Piece[];
  /** What the bar's ends are, ms. */
  begin: number;
  end: number;
  now?: number | null;
  label: string;
  title?: (piece: Piece) => string;
}

export function Bar({ pieces, begin, end, now, label, title }: Props) {
  const at = (moment: number) => `${((moment - begin) / (end - begin)) * 100}%`;
  return (
    <div className="shift-bar" role="img" aria-label={label}>
      {pieces.map((one) => (
        <span
          key={one.begin}
          className={`piece ${one.part}`}
          style={{ left: at(one.begin), width: `calc(${at(begin + one.end - one.begin)} - 1px)` }}
          title={title?.(one)}
        />
      ))}
      {now ? <span className="now" style={{ left: at(now) }} /> : null}
    </div>
  );
}
