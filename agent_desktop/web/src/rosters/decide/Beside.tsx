/** The days around those of a request, person by person: as they are, and as they would be. */

import { Text } from "@mantine/core";
import type { RosterDayBeside, RosterRequestWhole, RosterShift } from "../../shared/schema";
import { useWords } from "../../shared/words";
import { hoursOf, toneOf } from "../days";

export function Beside({ days, request }: { days: readonly RosterDayBeside[]; request: RosterRequestWhole }) {
  const { t, language } = useWords();
  const people = [...new Set(days.map((one) => one.person))];
  const columns = [...new Set(days.map((one) => one.day))].sort();
  const at = new Map(days.map((one) => [`${one.person} ${one.day}`, one]));
  const about = new Set([request.day, request.other_day ?? request.day]);
  const format = new Intl.DateTimeFormat(language, { weekday: "short", day: "numeric", timeZone: "UTC" });
  return (
    <section aria-label={t("requests.beside")}>
      <Text fw={600} size="sm" mb={4}>
        {t("requests.beside")}
      </Text>
      <div className="scroll-x">
        <table className="beside" data-testid="beside">
          <thead>
            <tr>
              <td />
              {columns.map((day) => (
                <th key={day} scope="col" className={about.has(day) ? "about" : undefined}>
                  {format.format(Date.parse(day))}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {people.map((person) => (
              <tr key={person}>
                <th scope="row">{at.get(`${person} ${columns[0]}`)?.name ?? person}</th>
                {columns.map((day) => {
                  const one = at.get(`${person} ${day}`);
                  return (
                    <td key={day} className={about.has(day) ? "about" : undefined}>
                      {one ? (
                        <Day
                          one={one}
                          shifts={request.shifts}
                          leave={request.kind === "leave" && day === request.day}
                        />
                      ) : null}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

interface DayProps {
  one: RosterDayBeside;
  shifts: Record<string, string>;
  leave: boolean;
}

function Day({ one, shifts, leave }: DayProps) {
  const { t } = useWords();
  const same = JSON.stringify(one.before) === JSON.stringify(one.after);
  const free = one.leave ? t("roster.leave") : "–";
  const asked = leave && !one.leave;
  if (same && !asked)
    return one.after ? <Chip shift={one.after} names={shifts} /> : <span className="dim">{free}</span>;
  return (
    <>
      {one.before ? <Chip shift={one.before} names={shifts} gone /> : <span className="dim">{free}</span>}
      <span className="becomes" role="img" aria-label={t("requests.becomes")}>
        ↓
      </span>
      {one.after ? (
        <Chip shift={one.after} names={shifts} />
      ) : (
        <span className="free">{t(leave ? "roster.leave" : "roster.off")}</span>
      )}
    </>
  );
}

interface ChipProps {
  shift: RosterShift;
  names: Record<string, string>;
  gone?: boolean;
}

function Chip({ shift, names, gone }: ChipProps) {
  const hours = hoursOf(shift.start, shift.length);
  return (
    <span
      className="shift-chip small"
      data-tone={toneOf(shift.start)}
      data-gone={gone || undefined}
      title={hours}
    >
      <b>{names[shift.shift] ?? shift.shift}</b> <span className="num">{hours}</span>
    </span>
  );
}
