/** Code and note of one call: typed while talking or after, kept here at every key and sent a moment later. */

import { Button, Group, Select, Stack, Text, Textarea } from "@mantine/core";
import { getHotkeyHandler } from "@mantine/hooks";
import { useCallback, useEffect, useRef, useState } from "react";
import { api } from "../shared/api";
import { useNow } from "../shared/hooks";
import { Failed, Panel } from "../shared/states";
import { clock } from "../shared/time";
import type { Choice } from "../shared/types";
import { useWords } from "../shared/words";
import { choiceName } from "../shared/words/choice";
import { type Draft, forgetDraft, loadDraft, saveDraft } from "./draft";

/** Quiet time after the last key before the note goes to the server, in milliseconds. */
const SEND_MS = 800;

interface Props {
  call: string;
  codes: Choice[];
  until: number | null;
  skew: number;
  /** True once the call is over and wrap-up can be finished. */
  done: boolean;
}

export function WrapUp({ call, codes, until, skew, done }: Props) {
  const { t, language } = useWords();
  const now = useNow(skew);
  const [draft, setDraft] = useState<Draft>(() => loadDraft(localStorage, call));
  const [kept, setKept] = useState<"" | "saving" | "saved" | "local">("");
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);

  const send = useCallback(
    async (next: Draft) => {
      setKept("saving");
      try {
        await api.post("/api/desk/wrap-up", { call, ...next, done: false });
        setKept("saved");
      } catch {
        setKept("local");
      }
    },
    [call],
  );

  const change = (next: Draft) => {
    setDraft(next);
    saveDraft(localStorage, call, next);
    if (timer.current) clearTimeout(timer.current);
    timer.current = setTimeout(() => void send(next), SEND_MS);
  };

  useEffect(
    () => () => {
      if (timer.current) clearTimeout(timer.current);
    },
    [],
  );

  const finish = async () => {
    if (!done || busy) return;
    if (timer.current) clearTimeout(timer.current);
    setBusy(true);
    setError(null);
    try {
      await api.post("/api/desk/wrap-up", { call, ...draft, done: true });
      forgetDraft(localStorage, call);
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };

  const left_s = until === null ? null : (until - now) / 1000;
  return (
    <Panel testid="wrap-up" label={t("wrap.title")}>
      <Stack gap="sm" onKeyDown={getHotkeyHandler([["mod+Enter", () => void finish()]])}>
        <Group justify="space-between">
          <Text fw={600}>{t("wrap.title")}</Text>
          {left_s !== null ? (
            <Text size="sm" className="num dim" data-testid="wrap-left">
              {t("wrap.left", clock(left_s))}
            </Text>
          ) : null}
        </Group>
        <Select
          label={t("wrap.code")}
          placeholder={t("wrap.code.pick")}
          data={codes.map((one) => ({ value: one.id, label: choiceName(codes, one.id, language) }))}
          value={draft.code || null}
          onChange={(code) => change({ ...draft, code: code ?? "" })}
          searchable
          clearable
          data-testid="wrap-code"
        />
        <Textarea
          id="wrap-note"
          label={t("wrap.note")}
          placeholder={t("wrap.note.hint")}
          value={draft.note}
          onChange={(event) => change({ ...draft, note: event.currentTarget.value })}
          autosize
          minRows={3}
          maxRows={10}
          data-testid="wrap-note"
        />
        {error ? <Failed error={error} onClose={() => setError(null)} /> : null}
        <Group justify="space-between">
          <Text size="sm" className="dim" role="status" data-testid="wrap-kept" data-kept={kept}>
            {kept ? t(`wrap.${kept}`) : ""}
          </Text>
          {done ? (
            <Button onClick={() => void finish()} loading={busy} data-testid="wrap-done">
              {t("wrap.done")}
            </Button>
          ) : null}
        </Group>
      </Stack>
    </Panel>
  );
}
