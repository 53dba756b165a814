/** Code and note of one call: typed while talking or after, kept here at every key and sent a moment later. */

import { Button, Group, Select, Stack, Text, Textarea } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { type RefObject, useEffect, useState } from "react";
import { useLive } from "../session/session";
import { api, Problem } from "../shared/api";
import { useNow } from "../shared/hooks";
import { Key } from "../shared/Key";
import { tellProblem } from "../shared/notice";
import { Panel } from "../shared/states";
import { clock } from "../shared/time";
import type { Choice } from "../shared/types";
import { useWords } from "../shared/words";
import { choiceName } from "../shared/words/choice";
import { type Draft, forgetDraft, loadDraft, saveDraft } from "./draft";
import { type Kept, NoteSender } from "./note";

/** Before wrap-up ends by itself, what is typed goes out this many seconds early. */
const LAST_CALL_S = 2;

interface Props {
  call: string;
  codes: Choice[];
  until: number | null;
  skew: number;
  /** True once the call is over and wrap-up can be finished. */
  done: boolean;
  /** Set to what sends the text that is not sent yet, for whoever ends the wrap-up in another way. */
  flush: RefObject<(() => Promise<void>) | null>;
}

const path = "/api/desk/wrap-up";

export function WrapUp({ call, codes, until, skew, done, flush }: Props) {
  const { t, language } = useWords();
  const { link } = useLive();
  const now = useNow(skew);
  const [draft, setDraft] = useState<Draft>(() => loadDraft(localStorage, call));
  const [kept, setKept] = useState<Kept>("");
  const [busy, setBusy] = useState(false);
  const [sender] = useState(
    () =>
      new NoteSender((next) => api.post(path, { call, ...next, done: false }, { keepalive: true }), setKept),
  );

  const change = (next: Draft) => {
    setDraft(next);
    saveDraft(localStorage, call, next, Date.now());
    sender.change(next);
  };

  // What was typed before a reload may never have left.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what the page began with
  useEffect(() => {
    if (draft.code || draft.note) sender.change(draft);
  }, []);

  useEffect(() => {
    const leave = () => void sender.flush();
    window.addEventListener("pagehide", leave);
    flush.current = () => sender.flush();
    return () => {
      flush.current = null;
      window.removeEventListener("pagehide", leave);
      leave();
    };
  }, [sender, flush]);

  useEffect(() => {
    if (link === "open") void sender.flush();
  }, [link, sender]);

  const left_s = until === null ? null : (until - now) / 1000;
  const ending = left_s !== null && left_s < LAST_CALL_S;
  useEffect(() => {
    if (ending) void sender.flush();
  }, [ending, sender]);

  const finish = async () => {
    if (!done || busy) return;
    setBusy(true);
    await sender.settle();
    try {
      await api.post(path, { call, ...draft, done: true });
      forgetDraft(localStorage, call);
    } catch (problem) {
      // Refused is refused; only what did not arrive is sent again.
      if (problem instanceof Problem && problem.status === 0) sender.change(draft);
      tellProblem(problem, t);
    } finally {
      setBusy(false);
    }
  };
  useHotkeys([["mod+Enter", () => void finish()]], []);

  return (
    <Panel testid="wrap-up" label={t("wrap.title")}>
      <Stack gap="xs">
        <Group justify="space-between">
          <Text fw={600}>{t("wrap.title")}</Text>
          {left_s !== null ? (
            <Text
              size="sm"
              fw={600}
              className="num"
              c={left_s < 10 ? "var(--cf-late)" : undefined}
              data-testid="wrap-left"
            >
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
          aria-keyshortcuts="N"
          value={draft.note}
          onChange={(event) => change({ ...draft, note: event.currentTarget.value })}
          maxLength={10_000}
          autosize
          minRows={3}
          maxRows={10}
          data-testid="wrap-note"
        />
        <Group justify="space-between" mih={36}>
          <Text size="sm" className="dim" role="status" data-testid="wrap-kept" data-kept={kept}>
            {kept ? t(`wrap.${kept}`) : t("wrap.note.hint")}
          </Text>
          {done ? (
            <Button
              onClick={() => void finish()}
              loading={busy}
              rightSection={<Key name="Ctrl ↵" />}
              aria-keyshortcuts="Control+Enter"
              data-testid="wrap-done"
            >
              {t("wrap.done")}
            </Button>
          ) : null}
        </Group>
      </Stack>
    </Panel>
  );
}
