/** When the lines are open, and whose public holidays count. */

import { Button, Group, Modal, Stack, Table, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { HoursInput } from "../../admin/HoursInput";
import { DAYS, type HoursTyped, readSpans, spansText } from "../../admin/hours";
import { Panel } from "../../shared/states";
import { useWords } from "../../shared/words";
import type { CalendarPart } from "./CalendarTab";

const typed = (hours: Record<string, string[]> | undefined): HoursTyped =>
  Object.fromEntries(DAYS.map((day) => [day, readSpans((hours?.[day] ?? []).join(" ")) ?? []]));

export function Hours({ calendar, writes, save }: CalendarPart) {
  const { t } = useWords();
  const [editing, setEditing] = useState(false);
  const hours = calendar.hours ?? {};
  const always = !Object.values(hours).some((spans) => spans.length);
  return (
    <Panel testid="hours" label={t("field.hours")}>
      <Group justify="space-between" mb="xs" wrap="nowrap">
        <Text fw={600}>{t("field.hours")}</Text>
        {writes ? (
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => setEditing(true)}
            data-testid="hours-edit"
          >
            {t("plan.edit")}
          </Button>
        ) : null}
      </Group>
      {always ? (
        <Text size="sm" className="dim">
          {t("plan.hours.always")}
        </Text>
      ) : (
        <Table withRowBorders={false} verticalSpacing={2}>
          <Table.Tbody>
            {DAYS.map((day) => (
              <Table.Tr key={day}>
                <Table.Td w={60} className="dim">
                  {t(`day.${day}`)}
                </Table.Td>
                <Table.Td className="num">
                  {hours[day]?.length ? (
                    hours[day].join(t("list.comma"))
                  ) : (
                    <span className="dim">{t("field.hours.closed")}</span>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {editing ? (
        <HoursForm calendar={calendar} writes={writes} save={save} onClose={() => setEditing(false)} />
      ) : null}
    </Panel>
  );
}

function HoursForm({ calendar, save, onClose }: CalendarPart & { onClose: () => void }) {
  const { t } = useWords();
  const [name, setName] = useState(calendar.name);
  const [country, setCountry] = useState(calendar.country ?? "");
  const [hours, setHours] = useState<HoursTyped>(() => typed(calendar.hours));
  const [busy, setBusy] = useState(false);
  const unread = Object.values(hours).some((spans) => typeof spans === "string");
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (unread || !name.trim()) return;
    setBusy(true);
    const sent = Object.fromEntries(
      DAYS.flatMap((day) => {
        const spans = hours[day];
        return spans?.length ? [[day, spansText(spans).split(" ")]] : [];
      }),
    );
    const saved = await save((body) => ({
      ...body,
      name: name.trim(),
      country: country.trim().toUpperCase(),
      hours: sent,
    }));
    setBusy(false);
    if (saved) onClose();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("admin.edit", calendar.name)}
      closeButtonProps={{ "aria-label": t("history.close") }}
      data-testid="hours-form"
    >
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          <Group grow>
            <TextInput
              label={t("field.name")}
              value={name}
              maxLength={128}
              onChange={(e) => setName(e.currentTarget.value)}
              error={name.trim() ? undefined : t("fault.missing")}
            />
            <TextInput
              label={t("field.country")}
              value={country}
              maxLength={16}
              placeholder="CN"
              onChange={(e) => setCountry(e.currentTarget.value)}
            />
          </Group>
          <HoursInput
            label={t("field.hours")}
            description={t("plan.hours.help")}
            error={unread ? t("fault.spans") : undefined}
            value={hours}
            onChange={setHours}
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t("admin.cancel")}
            </Button>
            <Button type="submit" loading={busy} disabled={unread} data-testid="hours-save">
              {t("admin.save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
