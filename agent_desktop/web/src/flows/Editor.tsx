/** The text of a draft, and what is wrong with it by line. */

import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useRef, useState } from "react";
import { Unsaved } from "../admin/RowForm";
import { api } from "../shared/api";
import { useCommand } from "../shared/hooks";
import { tellDone } from "../shared/notice";
import { useLeaveGuard } from "../shared/path";
import type { DraftText, Finding, VersionShown as FlowVersionShown } from "../shared/schema";
import { Failed, Panel } from "../shared/states";
import { useWords } from "../shared/words";
import { Ask } from "./Ask";
import type { Whole } from "./FlowPage";
import { Lines } from "./Lines";
import { said } from "./said";
import { lineAt } from "./text";

interface Props {
  name: string;
  whole: Whole;
  begin: string;
  onDone: () => void;
}

export function Editor({ name, whole, begin, onDone }: Props) {
  const { t } = useWords();
  const { draft, start, live } = whole;
  const [text, setText] = useState(begin);
  const [note, setNote] = useState(draft?.note ?? "");
  const [asking, setAsking] = useState<"publish" | "discard" | null>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  const { run, error, busy, clear } = useCommand();
  const dirty = text !== begin;
  const guard = useLeaveGuard(dirty);
  const at = `/api/ivr/flows/${name}`;
  const match = draft ? { match: draft.tag } : {};

  const save = async () => {
    if (!(await run(() => api.put<DraftText>(`${at}/draft`, { text, note }, match)))) return;
    tellDone(t("flows.saved"));
    onDone();
  };
  const publish = async () => {
    setAsking(null);
    const done = await run(async () => {
      const made = await api.post<FlowVersionShown>(`${at}/publish`, { live, note }, match);
      tellDone(t("flows.published", made.version));
    });
    if (done) onDone();
  };
  const discard = async () => {
    setAsking(null);
    if (await run(() => api.drop(`${at}/draft`, match))) onDone();
  };
  const show = (line: number) => {
    const field = area.current;
    if (!field) return;
    const [from, to] = lineAt(text, line);
    field.focus();
    field.setSelectionRange(from, to);
    const height = Number.parseFloat(getComputedStyle(field).lineHeight) || 18;
    field.scrollTop = Math.max(0, (line - 4) * height);
  };

  return (
    <Panel testid="flow-editor" label={t("flows.text")}>
      <Stack gap="sm">
        <Group gap="sm">
          <Text size="sm" className="dim" flex={1} miw={200}>
            {draft
              ? t("flows.text.draft", draft.version, draft.changed_by)
              : start
                ? t("flows.text.from", start.version)
                : t("flows.text.new")}
          </Text>
          <TextInput
            placeholder={t("flows.note")}
            aria-label={t("flows.note")}
            value={note}
            maxLength={512}
            onChange={(event) => setNote(event.currentTarget.value)}
            w={300}
          />
          <Button
            onClick={() => void save()}
            loading={busy}
            disabled={!dirty && (draft !== null || start !== null)}
            variant="default"
            data-testid="flow-save"
          >
            {t("flows.save")}
          </Button>
          {draft ? (
            <>
              <Button
                onClick={() => setAsking("publish")}
                disabled={busy || dirty || draft.problems.length > 0}
                data-testid="flow-publish"
              >
                {t("flows.publish")}
              </Button>
              <Button
                onClick={() => setAsking("discard")}
                disabled={busy}
                variant="subtle"
                color="red"
                data-testid="flow-discard"
              >
                {t("flows.discard")}
              </Button>
            </>
          ) : null}
        </Group>
        {error ? <Failed error={error} onClose={clear} /> : null}
        <Lines area={area} text={text} onText={setText} />
        {draft && !dirty ? (
          <Said draft={draft} show={show} />
        ) : dirty || !start ? (
          <Text size="sm">{t("flows.unsaved")}</Text>
        ) : null}
      </Stack>
      {asking === "publish" ? (
        <Ask
          title={t("flows.publish")}
          help={t("flows.publish.help")}
          onYes={() => void publish()}
          onNo={() => setAsking(null)}
        />
      ) : null}
      {asking === "discard" ? (
        <Ask
          title={t("flows.discard")}
          help={t("flows.discard.help")}
          takesAway
          onYes={() => void discard()}
          onNo={() => setAsking(null)}
        />
      ) : null}
      {guard.asking ? <Unsaved guard={guard} /> : null}
    </Panel>
  );
}

function Said({ draft, show }: { draft: DraftText; show: (line: number) => void }) {
  const { t } = useWords();
  return (
    <Stack gap={4} data-testid="flow-findings">
      <Text size="sm" fw={600} c={draft.problems.length ? "red" : undefined}>
        {draft.problems.length ? t("flows.problems", draft.problems.length) : t("flows.problems.none")}
      </Text>
      <Findings found={draft.problems} show={show} />
      {draft.warnings.length ? (
        <Text size="sm" fw={600}>
          {t("flows.warnings", draft.warnings.length)}
        </Text>
      ) : null}
      <Findings found={draft.warnings} show={show} />
    </Stack>
  );
}

function Findings({ found, show }: { found: Finding[]; show: (line: number) => void }) {
  const { t, language } = useWords();
  return found.map((one) => (
    <Text size="sm" key={`${one.line} ${one.reason}`}>
      <button type="button" className="link" onClick={() => show(one.line)}>
        {t("flows.line", one.line)}
      </button>{" "}
      {said(one.reason, language)}
    </Text>
  ));
}
