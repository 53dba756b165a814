/** Campaigns and other events, with the effect their planner expects. */

import { Group, Modal, MultiSelect, NumberInput, Stack, Table, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { addDays, percentWords, spanWords } from "../../shared/format";
import type { EventRow } from "../../shared/schema";
import { Nothing, Panel } from "../../shared/states";
import { useWords } from "../../shared/words";
import { FormEnd } from "../FormEnd";
import { usePlanning } from "../planning";
import type { CalendarPart } from "./CalendarTab";
import { PartHead } from "./PartHead";
import { withEvent } from "./rows";

interface Props extends CalendarPart {
  /** Where a new event begins. */
  day: string;
}

export function Events({ calendar, writes, save, day }: Props) {
  const { t, language } = useWords();
  const { series: all } = usePlanning();
  const [editing, setEditing] = useState<number | "new" | null>(null);
  const events = (calendar.events ?? [])
    .map((event, n) => ({ event, n }))
    .sort((a, b) => (a.event.first < b.event.first ? 1 : -1));
  const named = (ids: readonly string[] | undefined) =>
    ids?.length
      ? ids.map((id) => all.data?.find((one) => one.id === id)?.name ?? id).join(t("list.comma"))
      : t("plan.events.every");
  return (
    <Panel testid="events" label={t("plan.events")}>
      <PartHead
        title={t("plan.events")}
        help={t("plan.events.help")}
        add={t("plan.events.new")}
        onAdd={writes ? () => setEditing("new") : undefined}
        testid="event-new"
      />
      {events.length ? (
        <Table verticalSpacing={5} className="figures">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("field.name")}</Table.Th>
              <Table.Th className="left">{t("plan.events.when")}</Table.Th>
              <Table.Th>{t("plan.events.effect")}</Table.Th>
              <Table.Th className="left">{t("plan.events.series")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {events.map(({ event, n }) => (
              <Table.Tr key={`${n} ${event.name}`} data-testid={`event-${n}`}>
                <Table.Td>
                  {writes ? (
                    <button type="button" className="link" onClick={() => setEditing(n)}>
                      {event.name}
                    </button>
                  ) : (
                    event.name
                  )}
                </Table.Td>
                <Table.Td className="left">{spanWords(event.first, event.last, language)}</Table.Td>
                <Table.Td>
                  {event.effect_percent === null || event.effect_percent === undefined ? (
                    <span className="dim">{t("plan.events.learnt")}</span>
                  ) : (
                    percentWords(event.effect_percent, language, true)
                  )}
                </Table.Td>
                <Table.Td className="left">{named(event.series)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      ) : (
        <Nothing title={t("plan.events.none")} />
      )}
      {editing !== null ? (
        <EventForm
          event={editing === "new" ? null : (calendar.events?.[editing] ?? null)}
          day={day}
          onClose={() => setEditing(null)}
          onSave={async (event) => {
            const n = editing === "new" ? null : editing;
            if (await save((body) => withEvent(body, n, event))) setEditing(null);
          }}
        />
      ) : null}
    </Panel>
  );
}

interface FormProps {
  event: EventRow | null;
  day: string;
  onClose: () => void;
  /** Null: it is to go. */
  onSave: (event: EventRow | null) => Promise<void>;
}

function EventForm({ event, day, onClose, onSave }: FormProps) {
  const { t } = useWords();
  const { series: all } = usePlanning();
  const [row, setRow] = useState<EventRow>(
    () => event ?? { name: "", first: day, last: addDays(day, 6), size: 1, effect_percent: null, series: [] },
  );
  const [wrong, setWrong] = useState(false);
  const [busy, setBusy] = useState(false);
  const change = (part: Partial<EventRow>) => setRow((was) => ({ ...was, ...part }));
  const send = async (next: EventRow | null) => {
    setBusy(true);
    await onSave(next);
    setBusy(false);
  };
  const submit = (submitted: FormEvent) => {
    submitted.preventDefault();
    if (!row.name.trim() || !row.first || !row.last) setWrong(true);
    else void send({ ...row, name: row.name.trim() });
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={event ? t("admin.edit", event.name) : t("plan.events.new")}
      closeButtonProps={{ "aria-label": t("history.close") }}
      data-testid="event-form"
    >
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          <TextInput
            label={t("field.name")}
            description={t("plan.events.name.help")}
            value={row.name}
            maxLength={128}
            onChange={(e) => change({ name: e.currentTarget.value })}
            error={wrong && !row.name.trim() ? t("fault.missing") : undefined}
            data-autofocus
            data-testid="event-name"
          />
          <Group grow>
            <TextInput
              type="date"
              label={t("plan.first")}
              value={row.first}
              onChange={(e) => {
                const first = e.currentTarget.value;
                change(first > row.last ? { first, last: first } : { first });
              }}
              data-testid="event-first"
            />
            <TextInput
              type="date"
              label={t("plan.last")}
              min={row.first}
              value={row.last}
              onChange={(e) => change({ last: e.currentTarget.value })}
              data-testid="event-last"
            />
          </Group>
          <NumberInput
            label={t("plan.events.effect")}
            description={t("plan.events.effect.help")}
            placeholder={t("plan.events.learnt")}
            suffix=" %"
            min={-100}
            max={10_000}
            value={row.effect_percent ?? ""}
            onChange={(next) => change({ effect_percent: next === "" ? null : Number(next) })}
            data-testid="event-effect"
          />
          <MultiSelect
            label={t("plan.events.series")}
            placeholder={row.series?.length ? undefined : t("plan.events.every")}
            data={(all.data ?? []).map((one) => ({ value: one.id, label: one.name }))}
            value={row.series ?? []}
            onChange={(series) => change({ series })}
            clearable
            searchable
            nothingFoundMessage={t("field.nothing")}
          />
          <FormEnd
            name="event"
            busy={busy}
            onDelete={event ? () => void send(null) : undefined}
            onClose={onClose}
          />
        </Stack>
      </form>
    </Modal>
  );
}
