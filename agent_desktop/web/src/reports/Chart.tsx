/** Bars of parts over time, with a line of shares above them. The table beneath says the same in figures. */

import { Group, Text } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { useState } from "react";
import type { Part } from "../shared/Legend";
import { ceiling, ticks } from "../shared/plot/scale";
import { percent } from "../shared/time";

export interface Bar {
  label: string;
  /** Of each part, in the order of the parts. */
  values: number[];
  /** A share from 0 to 1, or nothing to say. */
  share: number | null;
}
interface Props {
  title: string;
  parts: Part[];
  bars: Bar[];
  /** What the line is of. */
  shareName: string;
}

const HEIGHT = 220;
const TOP = 10;
const BOTTOM = 24;
const LEFT = 40;
const RIGHT = 44;
/** A bar of a short day is no wall. */
const WIDEST = 56;
const LINE = "var(--cf-line-chart)";

export function Chart({ title, parts, bars, shareName }: Props) {
  const { ref, width } = useElementSize();
  const [over, setOver] = useState<number | null>(null);
  const inner = Math.max(0, width - LEFT - RIGHT);
  const step = bars.length ? inner / bars.length : 0;
  const most = ceiling(Math.max(1, ...bars.map((bar) => bar.values.reduce((sum, n) => sum + n, 0))));
  const y = (share: number) => TOP + (1 - share) * (HEIGHT - TOP - BOTTOM);
  const x = (n: number) => LEFT + step * n;
  const points = bars
    .map((bar, n) => (bar.share === null ? null : `${x(n) + step / 2},${y(bar.share)}`))
    .reduce<string[][]>(
      (runs, at) => {
        if (at === null) runs.push([]);
        else runs.at(-1)?.push(at);
        return runs;
      },
      [[]],
    );
  const wide = Math.min(step * 0.72, WIDEST);
  const every = Math.max(1, Math.ceil(46 / Math.max(1, step)));
  const here = over === null ? null : bars[over];
  return (
    <div>
      <Group gap="4px 18px" mb={6} mih={22}>
        {here ? (
          <Text size="sm" className="num" fw={600}>
            {here.label}
          </Text>
        ) : null}
        {parts.map((part, n) => (
          <Group key={part.name} gap={6} wrap="nowrap">
            <span className="dot square" style={{ background: part.color }} aria-hidden />
            <Text size="sm">
              {part.name} {here ? <span className="num">{here.values[n]}</span> : null}
            </Text>
          </Group>
        ))}
        <Group gap={6} wrap="nowrap">
          <span className="dot" style={{ background: LINE }} aria-hidden />
          <Text size="sm">
            {shareName} {here ? <span className="num">{percent(here.share)}</span> : null}
          </Text>
        </Group>
      </Group>
      <div ref={ref}>
        <svg
          width={width}
          height={HEIGHT}
          role="img"
          aria-label={title}
          className="chart"
          onPointerLeave={() => setOver(null)}
        >
          {ticks(most).map((value) => (
            <g key={value}>
              <line x1={LEFT} x2={LEFT + inner} y1={y(value / most)} y2={y(value / most)} className="grid" />
              <text x={LEFT - 6} y={y(value / most) + 4} textAnchor="end">
                {value}
              </text>
            </g>
          ))}
          {[0, 0.5, 1].map((share) => (
            <text key={share} x={LEFT + inner + 6} y={y(share) + 4}>
              {percent(share)}
            </text>
          ))}
          {bars.map((bar, n) => {
            let sum = 0;
            return (
              <g key={bar.label} onPointerEnter={() => setOver(n)}>
                <rect
                  x={x(n)}
                  y={TOP}
                  width={step}
                  height={HEIGHT - TOP - BOTTOM}
                  className={n === over ? "hit here" : "hit"}
                />
                {bar.values.map((value, part) => {
                  const top = y((sum + value) / most);
                  const height = y(sum / most) - top;
                  sum += value;
                  return value ? (
                    <rect
                      key={parts[part]?.name}
                      x={x(n) + (step - wide) / 2}
                      y={top}
                      width={wide}
                      height={height}
                      fill={parts[part]?.color}
                    />
                  ) : null;
                })}
                {n % every === 0 ? (
                  <text x={x(n) + step / 2} y={HEIGHT - 7} textAnchor="middle">
                    {bar.label}
                  </text>
                ) : null}
              </g>
            );
          })}
          {points.map((run, n) =>
            run.length > 1 ? (
              // biome-ignore lint/suspicious/noArrayIndexKey: runs have no other name
              <polyline key={n} points={run.join(" ")} fill="none" stroke={LINE} strokeWidth={2} />
            ) : run.length === 1 ? (
              <circle
                key={run[0]}
                cx={run[0]?.split(",")[0]}
                cy={run[0]?.split(",")[1]}
                r={2.5}
                fill={LINE}
              />
            ) : null,
          )}
        </svg>
      </div>
    </div>
  );
}
