/** What is known by day and brings calls: letters sent, bookings made. */

import { Modal, Stack, Table, Text, Textarea, TextInput } from "@mantine/core";
import { type FormEvent, useMemo, useState } from "react";
import { figure, spanWords } from "../../shared/format";
import type { DriverRow } from "../../shared/schema";
import { Nothing, Panel } from "../../shared/states";
import { useWords } from "../../shared/words";
import { FormEnd } from "../FormEnd";
import type { CalendarPart } from "./CalendarTab";
import { PartHead } from "./PartHead";
import { driverText, readDriver, withDriver } from "./rows";

export function Drivers({ calendar, writes, save }: CalendarPart) {
  const { t, language } = useWords();
  const [editing, setEditing] = useState<number | "new" | null>(null);
  const drivers = calendar.drivers ?? [];
  return (
    <Panel testid="drivers" label={t("plan.drivers")}>
      <PartHead
        title={t("plan.drivers")}
        help={t("plan.drivers.help")}
        add={t("plan.drivers.new")}
        onAdd={writes ? () => setEditing("new") : undefined}
        testid="driver-new"
      />
      {drivers.length ? (
        <Table verticalSpacing={5} className="figures">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("field.name")}</Table.Th>
              <Table.Th className="left">{t("plan.events.when")}</Table.Th>
              <Table.Th>{t("plan.drivers.days")}</Table.Th>
              <Table.Th>{t("plan.drivers.sum")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {drivers.map((driver, n) => {
              const days = Object.keys(driver.values ?? {}).sort();
              const sum = Object.values(driver.values ?? {}).reduce((all, one) => all + one, 0);
              return (
                <Table.Tr key={driver.name} data-testid={`driver-${n}`}>
                  <Table.Td>
                    {writes ? (
                      <button type="button" className="link" onClick={() => setEditing(n)}>
                        {driver.name}
                      </button>
                    ) : (
                      driver.name
                    )}
                  </Table.Td>
                  <Table.Td className="left">
                    {days.length ? spanWords(days[0] ?? "", days.at(-1) ?? "", language) : "–"}
                  </Table.Td>
                  <Table.Td>{figure(days.length, language)}</Table.Td>
                  <Table.Td>{figure(sum, language, 1)}</Table.Td>
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
      ) : (
        <Nothing title={t("plan.drivers.none")} />
      )}
      {editing !== null ? (
        <DriverForm
          driver={editing === "new" ? null : (drivers[editing] ?? null)}
          onClose={() => setEditing(null)}
          onSave={async (driver) => {
            const n = editing === "new" ? null : editing;
            if (await save((body) => withDriver(body, n, driver))) setEditing(null);
          }}
        />
      ) : null}
    </Panel>
  );
}

interface FormProps {
  driver: DriverRow | null;
  onClose: () => void;
  onSave: (driver: DriverRow | null) => Promise<void>;
}

function DriverForm({ driver, onClose, onSave }: FormProps) {
  const { t } = useWords();
  const [name, setName] = useState(driver?.name ?? "");
  const [text, setText] = useState(() => driverText(driver?.values ?? {}));
  const [wrong, setWrong] = useState(false);
  const [busy, setBusy] = useState(false);
  const { values, faults } = useMemo(() => readDriver(text), [text]);
  const send = async (next: DriverRow | null) => {
    setBusy(true);
    await onSave(next);
    setBusy(false);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setWrong(true);
    if (name.trim() && !faults.length) void send({ name: name.trim(), values });
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={driver ? t("admin.edit", driver.name) : t("plan.drivers.new")}
      closeButtonProps={{ "aria-label": t("history.close") }}
      data-testid="driver-form"
    >
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          <TextInput
            label={t("field.name")}
            value={name}
            maxLength={64}
            onChange={(e) => setName(e.currentTarget.value.replaceAll(",", ""))}
            error={wrong && !name.trim() ? t("fault.missing") : undefined}
            data-autofocus
            data-testid="driver-name"
          />
          <Textarea
            label={t("plan.drivers.values")}
            description={t("plan.drivers.values.help")}
            placeholder={"2026-12-01 12000\n2026-12-02 8000"}
            autosize
            minRows={6}
            maxRows={14}
            value={text}
            onChange={(e) => setText(e.currentTarget.value)}
            error={
              faults.length
                ? faults
                    .slice(0, 3)
                    .map((one) => t("plan.drivers.fault", one.line, one.text))
                    .join("\n")
                : undefined
            }
            styles={{ input: { fontVariantNumeric: "tabular-nums" }, error: { whiteSpace: "pre-line" } }}
            data-testid="driver-values"
          />
          <Text size="sm" className="dim">
            {t("plan.drivers.read", Object.keys(values).length)}
          </Text>
          <FormEnd
            name="driver"
            busy={busy}
            wrong={faults.length > 0}
            onDelete={driver ? () => void send(null) : undefined}
            onClose={onClose}
          />
        </Stack>
      </form>
    </Modal>
  );
}
