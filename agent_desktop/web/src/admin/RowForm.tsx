import { Button, Drawer, Group, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { api } from "../shared/api";
import { useCommand } from "../shared/hooks";
import { Failed } from "../shared/states";
import { useWords } from "../shared/words";
import { FieldInput } from "./FieldInput";
import { type AdminKind, FIELDS, type Row, toSend } from "./fields";
import type { Refs } from "./refs";

interface Props {
  kind: AdminKind;
  start: Row;
  isNew: boolean;
  refs: Refs;
  onClose: () => void;
  onDone: () => void;
}

export function RowForm({ kind, start, isNew, refs, onClose, onDone }: Props) {
  const { t } = useWords();
  const [row, setRow] = useState<Row>(start);
  const [broken, setBroken] = useState<ReadonlySet<string>>(new Set());
  const [sure, setSure] = useState(false);
  const { run, error, busy, clear } = useCommand();
  const at = `/api/admin/${kind}/${encodeURIComponent(row.id)}`;
  const save = async (event: FormEvent) => {
    event.preventDefault();
    const sent = toSend(kind, row);
    // POST only creates: a new row never overwrites one that has the same id.
    const write = () => (isNew ? api.post(`/api/admin/${kind}`, sent) : api.put(at, sent));
    if (broken.size === 0 && (await run(write))) onDone();
  };
  const remove = async () => {
    if (await run(() => api.drop(at))) onDone();
  };
  const mark = (name: string, bad: boolean) =>
    setBroken((was) => {
      const next = new Set(was);
      if (bad) next.add(name);
      else next.delete(name);
      return next;
    });
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size={460}
      title={isNew ? t("admin.new") : t("admin.edit", String(row.name || row.id))}
      closeButtonProps={{ "aria-label": t("history.close") }}
      data-testid="row-form"
    >
      <form onSubmit={save}>
        <Stack gap="sm">
          <TextInput
            label={kind === "entry-numbers" ? t("field.number") : t("field.id")}
            value={row.id}
            onChange={(e) => setRow({ ...row, id: e.currentTarget.value.trim() })}
            disabled={!isNew}
            required={kind === "entry-numbers"}
            description={isNew && kind !== "entry-numbers" ? t("field.id.help") : undefined}
            withAsterisk={false}
            data-testid="field-id"
          />
          {FIELDS[kind].map((field) => (
            <FieldInput
              key={field.name}
              field={field}
              value={row[field.name]}
              refs={refs}
              onChange={(value) => setRow((was) => ({ ...was, [field.name]: value }))}
              onBroken={(bad) => mark(field.name, bad)}
            />
          ))}
          {error ? <Failed error={error} onClose={clear} /> : null}
          <Group justify="space-between" mt="xs">
            <Group gap="xs">
              <Button type="submit" loading={busy} disabled={broken.size > 0} data-testid="row-save">
                {t("admin.save")}
              </Button>
              <Button variant="default" onClick={onClose}>
                {t("admin.cancel")}
              </Button>
            </Group>
            {isNew ? null : (
              <Button
                variant="subtle"
                color="red"
                onClick={() => (sure ? void remove() : setSure(true))}
                data-testid="row-delete"
              >
                {t("admin.delete")}
              </Button>
            )}
          </Group>
          {sure ? (
            <Text size="sm" c="red" role="alert">
              {t("admin.delete.sure", String(row.name || row.id))}
            </Text>
          ) : null}
        </Stack>
      </form>
    </Drawer>
  );
}
