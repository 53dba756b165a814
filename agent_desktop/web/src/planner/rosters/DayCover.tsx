/** A day's requirement and cover as steps; what is missing is filled. */

import { useElementSize } from "@mantine/hooks";
import { steps } from "../../rosters/decide/steps";
import { dayNumber, minuteText } from "../../shared/plot/zone";
import type { RosterCoverWhole } from "../../shared/schema";
import { useWords } from "../../shared/words";
import { perDay } from "./cover";

interface Props {
  cover: RosterCoverWhole;
  name: string;
  day: string;
  /** Minutes of the day that are shown. */
  begin: number;
  end: number;
  height: number;
  /** With figures at the side and hours below. */
  axis?: boolean;
}

export function DayCover({ cover, name, day, begin, end, height, axis = false }: Props) {
  const { t } = useWords();
  const { ref, width } = useElementSize();
  const demand = cover.demands.find((one) => one.name === name);
  const count = perDay(cover);
  const place = dayNumber(day) - dayNumber(cover.start);
  const size = cover.interval_minutes;
  const [from, to] = [Math.max(0, Math.floor(begin / size)), Math.ceil(end / size)];
  // A day that goes on past midnight goes on into the next one.
  const of = (values: readonly number[]) =>
    Array.from({ length: to - from }, (_, n) => values[place * count + from + n] ?? 0);
  const required = of(demand?.required ?? []);
  const served = of(demand?.served ?? []);
  const most = Math.max(1, ...required, ...served);
  const [left, below] = axis ? [26, 16] : [0, 0];
  const x = (n: number) => left + ((n * size + from * size - begin) / (end - begin)) * (width - left);
  const y = (n: number) => 3 + (1 - n / most) * (height - below - 6);
  const worst = Math.max(0, ...required.map((one, n) => one - (served[n] ?? 0)));
  const hours: number[] = [];
  const every = end - begin > 14 * 60 ? 180 : 120;
  for (let at = Math.ceil(begin / every) * every; at <= end; at += every) hours.push(at);
  return (
    <div ref={ref}>
      <svg
        width={width}
        height={height}
        className="chart day-cover"
        role="img"
        aria-label={t("sched.cover.said", name, Math.max(0, ...required), worst)}
      >
        {axis
          ? [0, most].map((n) => (
              <g key={n}>
                <line className="grid" x1={left} x2={width} y1={y(n)} y2={y(n)} />
                <text x={left - 6} y={y(n) + 4} textAnchor="end">
                  {n}
                </text>
              </g>
            ))
          : null}
        {required.map((one, n) => {
          const has = served[n] ?? 0;
          const at = from + n;
          return has < one && width ? (
            <rect
              key={at}
              className="lost"
              x={x(n)}
              width={x(n + 1) - x(n)}
              y={y(one)}
              height={y(has) - y(one)}
            />
          ) : null;
        })}
        {width ? <path className="cover-served" d={`${steps(served, x, y)}`} /> : null}
        {width ? <path className="cover-needed" d={steps(required, x, y)} /> : null}
        {axis
          ? hours.map((at) => (
              <text
                key={at}
                x={left + ((at - begin) / (end - begin)) * (width - left)}
                y={height - 2}
                textAnchor={at >= end ? "end" : "middle"}
              >
                {minuteText(at % 1440)}
              </text>
            ))
          : null}
      </svg>
    </div>
  );
}
