/** The strip on top: what is on now and until when, what comes next, and the day as a bar. */

import { Group, Text } from "@mantine/core";
import { dayWords } from "../../shared/format";
import type { ZoneClock } from "../../shared/plot/zone";
import type { MyRoster, MyShift } from "../../shared/schema";
import { Panel } from "../../shared/states";
import { useWords } from "../../shared/words";
import { hoursOf, toneOf } from "../days";
import { type Piece, pieces, standing } from "../now";
import { Bar } from "./Bar";

interface Props {
  roster: MyRoster;
  /** The moment, ms. */
  now: number;
  today: string;
  /** The roster's zone. */
  clock: ZoneClock;
  /** A moment as a time of day of the roster's zone. */
  time: (at: number) => string;
}

export function Today({ roster, now, today, clock, time }: Props) {
  const { t, language } = useWords();
  const { shift, now: on, pause, next } = standing(roster.shifts, now, clock);
  const shown = shift ?? roster.shifts.find((one) => one.day === today && one.begin > now) ?? null;
  const over = roster.shifts.some((one) => one.day === today && one.end <= now);
  const free = t(
    roster.leave.includes(today) ? "roster.now.leave" : over ? "roster.now.done" : "roster.now.off",
  );
  const soon = next && next.day === today;
  return (
    <Panel testid="roster-today" label={t("roster.today")} className="roster-today">
      <div>
        <Text fz={20} fw={600} lh={1.3} data-testid="roster-now">
          {on ? pieceWords(on, t) : soon ? t("roster.now.before", time(next.begin)) : free}
        </Text>
        <Group gap="md" mt={2} className="dim">
          {on ? <Text size="sm">{t("roster.now.until", time(on.end))}</Text> : null}
          {pause ? (
            <Text size="sm">
              {t("roster.now.break", time(pause.begin), Math.round((pause.end - pause.begin) / 60_000))}
            </Text>
          ) : null}
          {shift && on && on.end < shift.end ? (
            <Text size="sm">{t("roster.now.end", time(shift.end))}</Text>
          ) : null}
          {!shift && next && !soon ? (
            <Text size="sm">
              {t(
                "roster.now.next",
                dayWords(next.day, language),
                next.name,
                hoursOf(next.start, next.length),
              )}
            </Text>
          ) : null}
        </Group>
      </div>
      {shown ? <DayBar shift={shown} now={now} clock={clock} time={time} /> : null}
    </Panel>
  );
}

interface DayBarProps extends Pick<Props, "now" | "clock" | "time"> {
  shift: MyShift;
}

function DayBar({ shift, now, clock, time }: DayBarProps) {
  const { t } = useWords();
  const parts = pieces(shift, clock);
  return (
    <div className="today-bar" data-tone={toneOf(shift.start)}>
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <Text size="sm" fw={600}>
          {shift.name}
        </Text>
        <Text size="sm" className="num">
          {hoursOf(shift.start, shift.length)}
        </Text>
      </Group>
      <Bar
        pieces={parts}
        begin={shift.begin}
        end={shift.end}
        now={now >= shift.begin && now < shift.end ? now : null}
        label={parts.map((one) => `${pieceWords(one, t)} ${time(one.begin)}–${time(one.end)}`).join(", ")}
        title={(one) => `${pieceWords(one, t)} ${time(one.begin)}–${time(one.end)}`}
      />
    </div>
  );
}

export function pieceWords(one: Piece, t: ReturnType<typeof useWords>["t"]): string {
  if (one.part === "phone") return t("roster.part.phone");
  return one.name ? breakName(one.name, t) : t(`roster.part.${one.part}`);
}

/** The names shifts are made with have words of the page; others are the planner's own. */
export function breakName(name: string, t: ReturnType<typeof useWords>["t"]): string {
  switch (name) {
    case "meal":
    case "lunch":
      return t("roster.break.meal");
    case "first break":
      return t("roster.break.first");
    case "second break":
      return t("roster.break.second");
    case "break":
      return t("roster.part.break");
    default:
      return name;
  }
}
