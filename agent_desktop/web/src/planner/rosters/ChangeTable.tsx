/** Changes, person by day: what it was and what it is. */

import { Table, Text } from "@mantine/core";
import { hoursOf, toneOf } from "../../rosters/days";
import { dayWords } from "../../shared/format";
import type { RosterChange, RosterShift } from "../../shared/schema";
import { useWords } from "../../shared/words";
import type { Plan } from "./problem";

const MOST = 100;

export function ChangeTable({ plan, changes }: { plan: Plan; changes: readonly RosterChange[] }) {
  const { t, language } = useWords();
  return (
    <>
      <Table verticalSpacing={3} className="board-table" data-testid="changes">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("sched.person")}</Table.Th>
            <Table.Th>{t("plan.day")}</Table.Th>
            <Table.Th>{t("sched.before")}</Table.Th>
            <Table.Th>{t("sched.after")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {changes.slice(0, MOST).map((one) => (
            <Table.Tr key={`${one.person} ${one.day}`}>
              <Table.Td>{plan.name(one.person)}</Table.Td>
              <Table.Td>{dayWords(one.day, language)}</Table.Td>
              <Table.Td>
                <ShiftChip shift={one.before} />
              </Table.Td>
              <Table.Td>
                <ShiftChip shift={one.after} other={one.before} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {changes.length > MOST ? (
        <Text size="sm" className="dim" mt={4}>
          {t("roster.verdict.more", changes.length - MOST)}
        </Text>
      ) : null}
    </>
  );
}

function ShiftChip({ shift, other }: { shift: RosterShift | null; other?: RosterShift | null }) {
  const { t } = useWords();
  if (!shift) return <span className="dim">{t("sched.free")}</span>;
  const inside = other?.shift === shift.shift && other.start === shift.start && other.length === shift.length;
  return (
    <span className="shift-chip small" data-tone={toneOf(shift.start)}>
      <b>{shift.shift}</b> <span className="num">{hoursOf(shift.start, shift.length)}</span>
      {inside ? <span className="dim"> {t("sched.inside")}</span> : null}
    </span>
  );
}
