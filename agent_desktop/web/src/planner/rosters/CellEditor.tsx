/** A person's day in full: which shift, when it begins, how long it is, when its breaks are; judged as it is typed. */

import { Button, Group, Modal, Select, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, useMemo, useState } from "react";
import { hoursOf } from "../../rosters/days";
import { dayWords } from "../../shared/format";
import { useCommand } from "../../shared/hooks";
import { minutesWords } from "../../shared/rosterSaid";
import type { RosterBlock, RosterCell } from "../../shared/schema";
import { Failed } from "../../shared/states";
import { useWords } from "../../shared/words";
import { type At, free, isSame, keyOf, retimed } from "./edits";
import { apart, breakStarts, breaksDue, lengthsOf, nearestOf, type Plan, startsOf } from "./problem";
import { Difference } from "./Said";
import { useDry } from "./useDry";
import type { Editing } from "./useEditing";

interface Props {
  plan: Plan;
  at: At;
  editing: Editing;
  onClose: () => void;
}

const FREE = "";

export function CellEditor({ plan, at, editing, onClose }: Props) {
  const { t, language } = useWords();
  const there = editing.roster.get(keyOf(at.person, at.day));
  const [cell, setCell] = useState<RosterCell>(() => (there ? { ...there } : free(at)));
  const { run, error, busy, clear } = useCommand();
  const rule = cell.shift ? plan.shifts.get(cell.shift) : undefined;
  const same = isSame(cell, there);
  const cells = useMemo(() => (same ? null : [cell]), [same, cell]);
  const dry = useDry(cells, editing.ask);
  // Where the server places breaks, they are those it has placed.
  const placed = dry.changed?.changes.find((one) => one.person === at.person && one.day === at.day)?.after;
  const breaks: readonly RosterBlock[] = cell.breaks ?? placed?.breaks ?? [];
  const { may, others } = plan.shiftsFor(at.person);
  const label = (id: string) => {
    const one = plan.shifts.get(id);
    if (!one) return id;
    const name = one.name && one.name !== id ? `${id} ${one.name}` : id;
    const flexible = startsOf(one).length > 1 || lengthsOf(one).length > 1;
    return `${name} · ${hoursOf(one.start, one.length)}${flexible ? ` ${t("sched.flexible")}` : ""}`;
  };
  const choose = (id: string | null) => {
    if (!id) {
      setCell(free(at));
      return;
    }
    const shift = plan.shifts.get(id);
    if (!shift) return;
    if (there && there.shift === id) {
      setCell({ ...there });
      return;
    }
    const start = nearestOf(startsOf(shift), cell.start ?? shift.start);
    setCell({ ...at, shift: id, start, length: nearestOf(lengthsOf(shift), cell.length ?? shift.length) });
  };
  const time = (start: number, length: number) => {
    if (!rule || !cell.shift) return;
    if (there && there.shift === cell.shift) setCell(retimed({ ...there }, rule, start, length));
    else setCell({ ...at, shift: cell.shift, start, length });
  };
  const pause = (place: number, start: number) =>
    setCell({ ...cell, breaks: breaks.map((one, n) => (n === place ? { ...one, start } : one)) });
  const save = async (event: FormEvent) => {
    event.preventDefault();
    let kept = false;
    await run(async () => {
      kept = await editing.offer([cell]);
    });
    if (kept) onClose();
  };
  // While it is sent nobody knows what becomes of it.
  const close = () => {
    if (!busy) onClose();
  };
  const due = rule && cell.length != null ? breaksDue(rule, cell.length) : [];
  const names = apart(breaks.map((one) => one.name));
  const mark = plan.mark(at.person, plan.place(at.day));
  return (
    <Modal
      // What it breaks is asked about in its place; whoever does not want that comes back to what they typed.
      opened={!editing.pending}
      onClose={close}
      title={`${plan.name(at.person)} · ${dayWords(at.day, language)}`}
      closeButtonProps={{ "aria-label": t("history.close") }}
      data-testid="cell-editor"
    >
      <form onSubmit={save}>
        <Stack gap="sm">
          {mark ? (
            <Text size="sm" className="dim">
              {t(`sched.mark.${mark}`)}
            </Text>
          ) : null}
          <Select
            label={t("sched.shift")}
            data={[
              { value: FREE, label: t("sched.free") },
              {
                group: t("sched.shift.may"),
                items: may.map((one) => ({ value: one.id, label: label(one.id) })),
              },
              ...(others.length
                ? [
                    {
                      group: t("sched.shift.may_not"),
                      items: others.map((one) => ({ value: one.id, label: label(one.id) })),
                    },
                  ]
                : []),
            ]}
            value={cell.shift ?? FREE}
            onChange={choose}
            allowDeselect={false}
            searchable
            openOnFocus={false}
            data-autofocus
            data-testid="cell-shift"
          />
          {rule && cell.start != null && cell.length != null ? (
            <Group grow align="flex-start">
              {startsOf(rule).length > 1 ? (
                <Select
                  label={t("sched.begins")}
                  data={startsOf(rule).map((one) => ({
                    value: String(one),
                    label: hoursOf(one, 0).slice(0, 5),
                  }))}
                  value={String(cell.start)}
                  onChange={(next) => next && time(Number(next), cell.length ?? 0)}
                  allowDeselect={false}
                  searchable
                  data-testid="cell-start"
                />
              ) : (
                <TextInput label={t("sched.begins")} value={hoursOf(cell.start, 0).slice(0, 5)} readOnly />
              )}
              {lengthsOf(rule).length > 1 ? (
                <Select
                  label={t("sched.lasts")}
                  data={lengthsOf(rule).map((one) => ({
                    value: String(one),
                    label: `${minutesWords(one, t)} (–${hoursOf(cell.start ?? 0, one).slice(6)})`,
                  }))}
                  value={String(cell.length)}
                  onChange={(next) => next && time(cell.start ?? 0, Number(next))}
                  allowDeselect={false}
                  searchable
                  data-testid="cell-length"
                />
              ) : (
                <TextInput
                  label={t("sched.ends")}
                  value={hoursOf(cell.start, cell.length).slice(6)}
                  readOnly
                />
              )}
            </Group>
          ) : null}
          {breaks.length ? (
            <Group grow align="flex-start">
              {breaks.map((one, n) => {
                const name = names[n] ?? one.name;
                const window = due[n];
                const starts = window ? breakStarts(window, cell.start ?? 0) : [one.start];
                const options = starts.includes(one.start) ? starts : [one.start, ...starts];
                return (
                  <Select
                    key={name}
                    label={name}
                    data={options.map((each) => ({ value: String(each), label: hoursOf(each, one.minutes) }))}
                    value={String(one.start)}
                    onChange={(next) => next && pause(n, Number(next))}
                    allowDeselect={false}
                  />
                );
              })}
            </Group>
          ) : null}
          <div style={{ minHeight: 44 }} aria-live="polite">
            {dry.changed ? (
              <Difference plan={plan} difference={dry.changed.difference} />
            ) : same ? null : (
              <Text size="sm" className="dim">
                {t("sched.judging")}
              </Text>
            )}
          </div>
          {error ? <Failed error={error} onClose={clear} /> : null}
          <Group justify="space-between" gap="xs">
            {there ? (
              <Button
                variant="default"
                c="var(--cf-bad)"
                onClick={() => choose(null)}
                disabled={busy}
                data-testid="cell-free"
              >
                {t("sched.make_free")}
              </Button>
            ) : (
              <span />
            )}
            <Group gap="xs">
              <Button variant="default" onClick={close} disabled={busy}>
                {t("admin.cancel")}
              </Button>
              <Button type="submit" disabled={same} loading={busy} data-testid="cell-save">
                {t("sched.apply")}
              </Button>
            </Group>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
