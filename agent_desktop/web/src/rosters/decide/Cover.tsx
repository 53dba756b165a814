/** How many people a day has and needs, as it is and as it would be: steps over the day, and shifts. */

import { Group, Text } from "@mantine/core";
import { dayWords } from "../../shared/format";
import { minuteText } from "../../shared/plot/zone";
import type { RosterCover } from "../../shared/schema";
import { useWords } from "../../shared/words";
import { lost, steps } from "./steps";

const WIDTH = 640;
const HEIGHT = 110;
const LEFT = 26;
const BELOW = 16;

export function Cover({ covers }: { covers: readonly RosterCover[] }) {
  const { t, language } = useWords();
  const days = [...new Set(covers.map((one) => one.day))];
  return (
    <section aria-label={t("requests.cover")} data-testid="cover">
      <Group justify="space-between" gap="md">
        <Text fw={600} size="sm">
          {t("requests.cover")}
        </Text>
        {covers.some((one) => one.what === "demand") ? (
          <span className="timeline-key dim">
            <span>
              <span className="cover-key required" aria-hidden /> {t("requests.cover.required")}
            </span>
            <span>
              <span className="cover-key before" aria-hidden /> {t("requests.cover.before")}
            </span>
            <span>
              <span className="cover-key after" aria-hidden /> {t("requests.cover.after")}
            </span>
          </span>
        ) : null}
      </Group>
      {days.map((day) => (
        <div key={day} className="cover-day">
          <Text size="sm" className="dim">
            {dayWords(day, language)}
          </Text>
          <Shifts covers={covers.filter((one) => one.day === day && one.what === "shift")} />
          {covers
            .filter((one) => one.day === day && one.what === "demand")
            .map((one) => (
              <Demand key={one.name} cover={one} />
            ))}
        </div>
      ))}
    </section>
  );
}

function Shifts({ covers }: { covers: readonly RosterCover[] }) {
  const { t } = useWords();
  if (!covers.length) return null;
  return (
    <ul className="cover-shifts">
      {covers.map((one) => {
        const [required, before, after] = [one.required[0] ?? 0, one.before[0] ?? 0, one.after[0] ?? 0];
        const short = after < required && after < before;
        return (
          <li key={one.name} className={short ? "late" : undefined}>
            <b>{one.name}</b>{" "}
            <span className="num">
              {before === after
                ? t("requests.cover.stays", after, required)
                : t("requests.cover.moves", before, after, required)}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

function Demand({ cover }: { cover: RosterCover }) {
  const { t } = useWords();
  const most = Math.max(1, ...cover.required, ...cover.before, ...cover.after);
  const { from, to } = used(cover);
  const x = (n: number) => LEFT + ((n - from) / (to - from)) * (WIDTH - LEFT);
  const y = (n: number) => 4 + (1 - n / most) * (HEIGHT - BELOW - 8);
  const minutes = cover.interval_minutes;
  const gone = lost(cover);
  const path = (values: readonly number[]) => steps(values.slice(from, to), (n) => x(n + from), y);
  const hours = [];
  const every = ((to - from) * minutes) / 60 > 14 ? 3 : 2;
  for (let n = from; n <= to; n++) if ((n * minutes) % (60 * every) === 0) hours.push(n);
  const said = gone.length
    ? t(
        "requests.cover.lost",
        gone
          .map(([a, b, worst]) => `${minuteText(a * minutes)}–${minuteText(b * minutes)} (−${worst})`)
          .join(", "),
      )
    : t("requests.cover.none");
  return (
    <figure className="cover-figure">
      <figcaption className="fine">
        <b>{cover.name}</b> <span className={gone.length ? "late" : "dim"}>{said}</span>
      </figcaption>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        className="chart cover-chart"
        role="img"
        aria-label={`${cover.name}: ${said}`}
      >
        {[0, most].map((n) => (
          <g key={n}>
            <line className="grid" x1={LEFT} x2={WIDTH} y1={y(n)} y2={y(n)} />
            <text x={LEFT - 6} y={y(n) + 4} textAnchor="end">
              {n}
            </text>
          </g>
        ))}
        {gone.map(([a, b]) => (
          <rect key={a} className="lost" x={x(a)} width={x(b) - x(a)} y={4} height={HEIGHT - BELOW - 8} />
        ))}
        <path className="cover-before" d={path(cover.before)} />
        <path className="cover-after" d={path(cover.after)} />
        <path className="cover-required" d={path(cover.required)} />
        {hours.map((n) => (
          <text key={n} x={x(n)} y={HEIGHT - 2} textAnchor={n === to ? "end" : "middle"}>
            {minuteText(n * minutes)}
          </text>
        ))}
      </svg>
    </figure>
  );
}

/** The intervals in which anybody is needed or there. */
function used(cover: RosterCover): { from: number; to: number } {
  const any = cover.required.map(
    (one, n) => one > 0 || (cover.before[n] ?? 0) > 0 || (cover.after[n] ?? 0) > 0,
  );
  const from = Math.max(0, any.indexOf(true));
  const to = Math.max(from + 1, any.lastIndexOf(true) + 1);
  return { from, to };
}
