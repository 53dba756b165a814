import { Alert, Button, Drawer, Group, Stack, Text, TextInput, Title } from "@mantine/core";
import { type FormEvent, Fragment, type KeyboardEvent, useEffect, useRef, useState } from "react";
import { api, Problem } from "../shared/api";
import { useCommand } from "../shared/hooks";
import { tellDone } from "../shared/notice";
import { useLeaveGuard } from "../shared/path";
import { Failed } from "../shared/states";
import { ABOVE, Unsaved } from "../shared/Unsaved";
import { useWords } from "../shared/words";
import { check, type Faults, faultsOf } from "./check";
import { DeleteDialog } from "./DeleteDialog";
import { FieldInput } from "./FieldInput";
import {
  type AdminKind,
  FIELDS,
  type Field,
  flat,
  ID_LABEL,
  isShown,
  NATURAL,
  type Row,
  toSend,
} from "./fields";
import type { Refs } from "./refs";

/** Where others find it. */
export { Unsaved };

interface Props {
  kind: AdminKind;
  start: Row;
  isNew: boolean;
  refs: Refs;
  onClose: () => void;
  onDone: () => void;
}

const strings = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

export function RowForm({ kind, start, isNew, refs, onClose, onDone }: Props) {
  const { t } = useWords();
  const form = useRef<HTMLFormElement>(null);
  const [before] = useState<Row>(() => flat(kind, start));
  const [row, setRow] = useState<Row>(before);
  const [faults, setFaults] = useState<Faults>({});
  const [deleting, setDeleting] = useState(false);
  const { run, error, busy, clear } = useCommand();
  const dirty = JSON.stringify(row) !== JSON.stringify(before);
  const guard = useLeaveGuard(dirty);
  const close = () => guard.ask(onClose);
  /** A dialog stands above the form. */
  const above = deleting || guard.asking;
  const cut = parts(FIELDS[kind]);
  const headings = cut.flatMap((part) => (part[0]?.section ? [part[0].section] : []));

  // The first field that is wrong comes into sight and takes the keys.
  useEffect(() => {
    if (Object.keys(faults).length === 0) return;
    const wrong = form.current?.querySelector<HTMLElement>("[aria-invalid=true]");
    wrong?.focus({ preventScroll: true });
    wrong?.scrollIntoView({ block: "center" });
  }, [faults]);

  const change = (name: string, value: unknown) => {
    setRow((was) => ({ ...was, [name]: value }));
    // What was wrong is being mended: judge it again when it is saved.
    if (faults[name]) setFaults(({ [name]: _mended, ...rest }) => rest);
  };

  const save = async (event: FormEvent) => {
    event.preventDefault();
    const wrong = check(kind, row, isNew, t);
    setFaults(wrong);
    clear();
    if (Object.keys(wrong).length > 0) return;
    const sent = toSend(kind, row);
    const known = ["id", ...FIELDS[kind].map((f) => f.name)];
    // POST only creates: a new row never overwrites one that has the same id.
    const write = async () => {
      try {
        if (isNew) await api.post(`/api/admin/${kind}`, sent);
        else await api.put(`/api/admin/${kind}/${encodeURIComponent(start.id)}`, sent);
      } catch (problem) {
        const placed = problem instanceof Problem ? faultsOf(problem, known, t) : {};
        if (Object.keys(placed).length === 0) throw problem;
        setFaults(placed);
        return false;
      }
      return true;
    };
    let saved = false;
    await run(async () => {
      saved = await write();
    });
    if (!saved) return;
    tellDone(t("admin.saved", String(row.name || row.id)));
    onDone();
  };

  // Not the drawer's own Escape: it hears the key that has just closed a dialog above it, or a list in it.
  const onKey = (event: KeyboardEvent) => {
    const { mantineStopPropagation } = (event.target as HTMLElement).dataset;
    if (event.key === "Escape" && mantineStopPropagation !== "true") close();
  };

  return (
    <>
      <Drawer
        opened
        onClose={close}
        closeOnEscape={false}
        onKeyDown={onKey}
        trapFocus={!above}
        position="right"
        size={headings.length > 4 ? 620 : 500}
        title={isNew ? t(`admin.new.${kind}`) : t("admin.edit", String(start.name || start.id))}
        closeButtonProps={{ "aria-label": t("history.close") }}
        classNames={{ content: "form-drawer", body: "form-drawer-body" }}
        data-testid="row-form"
      >
        <form ref={form} onSubmit={save} className="form" noValidate>
          {headings.length > 4 ? (
            <nav className="form-nav" aria-label={t("admin.sections")}>
              {headings.map((heading) => (
                <button
                  key={heading}
                  type="button"
                  className="link"
                  onClick={() => document.getElementById(heading)?.scrollIntoView({ block: "start" })}
                >
                  {t(heading)}
                </button>
              ))}
            </nav>
          ) : null}
          <Stack gap="md" className="form-fields">
            {strings(start.warnings).map((one) => (
              <Alert key={one} color="orange" variant="light" py="xs" role="status">
                {one}
              </Alert>
            ))}
            {isNew ? (
              <TextInput
                label={t(ID_LABEL[kind])}
                value={row.id}
                onChange={(e) => change("id", e.currentTarget.value.trim())}
                required={NATURAL.has(kind)}
                error={faults.id || undefined}
                inputWrapperOrder={["label", "input", "error", "description"]}
                description={t(
                  kind === "users"
                    ? "field.id.users.help"
                    : kind === "entry-numbers"
                      ? "field.number.help"
                      : "field.id.help",
                )}
                data-autofocus
                data-testid="field-id"
              />
            ) : (
              <Text size="sm" className="dim">
                {t(ID_LABEL[kind])} <span className="num">{start.id}</span>
              </Text>
            )}
            {cut.map((part) => (
              <Fragment key={part[0]?.name}>
                {part[0]?.section ? (
                  <div className="form-section" id={part[0].section}>
                    <Title order={3} size="h5" mt="xs">
                      {t(part[0].section)}
                    </Title>
                    {part[0].note ? (
                      <Text size="sm" className="dim" mt={2}>
                        {t(part[0].note)}
                      </Text>
                    ) : null}
                  </div>
                ) : null}
                <div className="form-grid">
                  {part
                    .filter((field) => isShown(field, row))
                    .map((field) => (
                      <div key={field.name} className={field.half ? "half" : ""}>
                        <FieldInput
                          field={field}
                          value={row[field.name]}
                          refs={refs}
                          fault={faults[field.name] ?? ""}
                          isNew={isNew}
                          onChange={(value) => change(field.name, value)}
                        />
                      </div>
                    ))}
                </div>
              </Fragment>
            ))}
          </Stack>
          <div className="form-foot">
            {error ? <Failed error={error} onClose={clear} /> : null}
            {faults[""] ? (
              <Text size="sm" c="var(--cf-bad)" role="alert" mb="xs">
                {faults[""]}
              </Text>
            ) : null}
            <Group justify="space-between">
              <Group gap="xs">
                <Button type="submit" loading={busy} disabled={!dirty && !isNew} data-testid="row-save">
                  {t("admin.save")}
                </Button>
                <Button variant="default" onClick={close}>
                  {t("admin.cancel")}
                </Button>
              </Group>
              {isNew ? null : (
                <Button
                  variant="subtle"
                  color="red"
                  onClick={() => setDeleting(true)}
                  data-testid="row-delete"
                >
                  {t("admin.delete")}
                </Button>
              )}
            </Group>
          </div>
        </form>
      </Drawer>
      {deleting ? (
        <DeleteDialog
          above={ABOVE}
          kind={kind}
          row={start}
          onClose={() => setDeleting(false)}
          onDone={() => {
            tellDone(t("admin.deleted", String(start.name || start.id)));
            onDone();
          }}
        />
      ) : null}
      {guard.asking ? <Unsaved guard={guard} /> : null}
    </>
  );
}

/** The fields cut where a section begins. */
function parts(fields: readonly Field[]): Field[][] {
  const cut: Field[][] = [];
  for (const field of fields) {
    if (field.section || cut.length === 0) cut.push([]);
    cut.at(-1)?.push(field);
  }
  return cut;
}
