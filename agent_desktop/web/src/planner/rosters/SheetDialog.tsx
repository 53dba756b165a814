/** A workbook comes back: looked through first, its mistakes by row; then taken, or not. */

import { Button, FileInput, Group, Modal, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { api, Problem } from "../../shared/api";
import type { RosterChanged } from "../../shared/schema";
import { Failed, Loading } from "../../shared/states";
import { useWords } from "../../shared/words";
import { ChangeTable } from "./ChangeTable";
import type { Plan } from "./problem";
import { Difference } from "./Said";
import type { Editing } from "./useEditing";

const PATIENCE_MS = 60_000;

export function SheetDialog({
  plan,
  editing,
  onClose,
}: {
  plan: Plan;
  editing: Editing;
  onClose: () => void;
}) {
  const { t } = useWords();
  const [file, setFile] = useState<File | null>(null);
  const [seen, setSeen] = useState<{ changed: RosterChanged | null; error: unknown; busy: boolean }>({
    changed: null,
    error: null,
    busy: false,
  });
  const { id, tag } = editing.draft;
  const send = (what: File, dry: boolean) =>
    api.put<RosterChanged>(`/api/rosters/drafts/${id}/sheet${dry ? "?dry=true" : ""}`, what, {
      match: tag,
      patience: PATIENCE_MS,
    });
  const look = (chosen: File | null) => {
    setFile(chosen);
    if (!chosen) {
      setSeen({ changed: null, error: null, busy: false });
      return;
    }
    setSeen({ changed: null, error: null, busy: true });
    send(chosen, true).then(
      (changed) => setSeen({ changed, error: null, busy: false }),
      (error: unknown) => setSeen({ changed: null, error, busy: false }),
    );
  };
  const keep = () => {
    if (!file) return;
    setSeen({ ...seen, busy: true });
    send(file, false).then(
      (changed) => {
        editing.take(changed);
        onClose();
      },
      (error: unknown) => setSeen({ changed: null, error, busy: false }),
    );
  };
  const mistakes = seen.error instanceof Problem ? seen.error.errors : [];
  const { changed } = seen;
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("sched.sheet.in")}
      size="lg"
      closeButtonProps={{ "aria-label": t("history.close") }}
      data-testid="sheet-dialog"
    >
      <Stack gap="sm">
        <FileInput
          label={t("sched.sheet.file")}
          description={t("sched.sheet.help")}
          placeholder={t("sched.choose_file")}
          accept=".xlsx"
          value={file}
          onChange={look}
          clearable
          data-testid="sheet-file"
        />
        {seen.busy ? <Loading /> : null}
        {mistakes.length ? (
          <div role="alert" data-testid="sheet-mistakes">
            <Text size="sm" fw={600} c="var(--cf-bad)">
              {t("sched.sheet.mistakes", mistakes.length)}
            </Text>
            <ul className="said">
              {mistakes.slice(0, 30).map((one) => (
                <li key={`${one.at} ${one.message}`}>
                  <b>{one.at.replace(/^row (\d+)$/, (_, n: string) => t("sched.sheet.row", n))}</b>{" "}
                  {one.message}
                </li>
              ))}
            </ul>
          </div>
        ) : seen.error ? (
          <Failed error={seen.error} />
        ) : null}
        {changed && !changed.changes.length ? <Text size="sm">{t("sched.sheet.same")}</Text> : null}
        {changed?.changes.length ? (
          <>
            <Difference plan={plan} difference={changed.difference} />
            <div className="verdict-list">
              <ChangeTable plan={plan} changes={changed.changes} />
            </div>
          </>
        ) : null}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t("admin.cancel")}
          </Button>
          <Button onClick={keep} disabled={!changed?.changes.length || seen.busy} data-testid="sheet-keep">
            {t("sched.sheet.keep")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
