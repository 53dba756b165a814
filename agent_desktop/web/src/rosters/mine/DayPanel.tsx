/** One day: its shift with all that is in it, what it was before, and what can be asked for. */

import { Button, Group, Stack, Text } from "@mantine/core";
import { dayWords } from "../../shared/format";
import type { ZoneClock } from "../../shared/plot/zone";
import { minutesWords } from "../../shared/rosterSaid";
import type { MyShift } from "../../shared/schema";
import { Panel } from "../../shared/states";
import { moment } from "../../shared/time";
import { useWords } from "../../shared/words";
import { hoursOf, toneOf } from "../days";
import { pieces } from "../now";
import type { Kind } from "./ask";
import type { AtDay } from "./Cells";
import { pieceWords } from "./Today";

interface Props {
  day: string;
  today: string;
  at: AtDay;
  clock: ZoneClock;
  time: (at: number) => string;
  onAsk: (kind: Kind) => void;
}

export function DayPanel({ day, today, at, clock, time, onAsk }: Props) {
  const { t, language } = useWords();
  const { shifts, leave, changed, published } = at;
  const kinds: Kind[] = shifts.length
    ? ["swap", "give", "leave"]
    : published
      ? ["leave", "swap"]
      : ["wish", "leave"];
  return (
    <Panel testid="roster-day" label={dayWords(day, language)}>
      <Text fw={600}>{dayWords(day, language, today)}</Text>
      {shifts.map((one) => (
        <Shift key={one.begin} shift={one} clock={clock} time={time} />
      ))}
      {shifts.length ? null : (
        <Text className="dim" mt={4}>
          {leave ? t("roster.leave") : published ? t("roster.off") : t("roster.unpublished.help")}
        </Text>
      )}
      {changed ? (
        <p className="changed" data-testid="roster-changed">
          <span className="changed-dot" aria-hidden />
          {t(
            "roster.changed.was",
            moment(changed.at, language),
            changed.before
              ? `${changed.before.name} ${hoursOf(changed.before.start, changed.before.length)}`
              : t("roster.off"),
          )}
        </p>
      ) : null}
      {day >= today && !leave ? (
        <Group gap={6} mt="sm">
          {kinds.map((kind) => (
            <Button
              key={kind}
              size="compact-sm"
              variant="light"
              onClick={() => onAsk(kind)}
              data-testid={`day-${kind}`}
            >
              {t(`roster.kind.${kind}`)}
            </Button>
          ))}
        </Group>
      ) : null}
    </Panel>
  );
}

interface ShiftProps {
  shift: MyShift;
  clock: ZoneClock;
  time: (at: number) => string;
}

function Shift({ shift, clock, time }: ShiftProps) {
  const { t } = useWords();
  const inside = pieces(shift, clock).filter((one) => one.part !== "phone");
  return (
    <Stack gap={4} mt={6}>
      <span className="shift-chip big" data-tone={toneOf(shift.start)}>
        <b>{shift.name}</b>
        <span className="num">{hoursOf(shift.start, shift.length)}</span>
      </span>
      <Text size="sm" className="dim">
        {t("roster.paid", minutesWords(shift.worked, t))}
      </Text>
      <ul className="inside">
        {inside.map((one) => (
          <li key={one.begin}>
            <span className={`piece-key ${one.part}`} aria-hidden />
            <span className="num">
              {time(one.begin)}–{time(one.end)}
            </span>
            <span>{pieceWords(one, t)}</span>
          </li>
        ))}
      </ul>
    </Stack>
  );
}
