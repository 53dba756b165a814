/** Before a draft is published: what agents will see changed, and what it breaks. */

import { Button, Checkbox, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, useCallback, useState } from "react";
import { api, Problem } from "../../shared/api";
import { useCommand, useLoad } from "../../shared/hooks";
import type { RosterChange, RosterProblemWhole, RosterVersionShown } from "../../shared/schema";
import { Failed, Loading } from "../../shared/states";
import { useWords } from "../../shared/words";
import { ChangeTable } from "./ChangeTable";
import type { Plan } from "./problem";
import { inForce, publishing } from "./publishing";
import { FindingList } from "./Said";
import type { Editing } from "./useEditing";

const FORGOTTEN = ["Approved leave is forgotten", "An approved change is undone"];

const SAID = {
  problem: "sched.against.problem",
  first: "sched.against.first",
  nothing: "sched.against.none",
} as const;

interface Props {
  plan: Plan;
  editing: Editing;
  onDone: (version: RosterVersionShown) => void;
  onClose: () => void;
}

export function PublishDialog({ plan, editing, onDone, onClose }: Props) {
  const { t } = useWords();
  const { draft, verdict } = editing;
  const [note, setNote] = useState("");
  const [despite, setDespite] = useState(false);
  const { run, error, busy } = useCommand();
  const against = useLoad(
    useCallback(async () => {
      const changes = await api.get<RosterChange[]>(`/api/rosters/drafts/${draft.id}/against`);
      // What the published roster is judged by matters only where no day differs.
      const published = changes.length ? null : await judgedBy(draft.group, draft.start);
      return { changes, kind: publishing(changes, plan.file, published) };
    }, [draft.id, draft.group, draft.start, plan.file]),
  );
  const broken = verdict.violations.length;
  /** Something was approved since: the draft does not know of it. */
  const [forgotten, setForgotten] = useState(false);
  const publish = async (event: FormEvent) => {
    event.preventDefault();
    await run(async () => {
      try {
        onDone(
          await api.post<RosterVersionShown>(
            `/api/rosters/drafts/${draft.id}/publish`,
            { note, despite },
            { match: draft.tag },
          ),
        );
      } catch (problem) {
        if (problem instanceof Problem && FORGOTTEN.includes(problem.title)) setForgotten(true);
        throw problem;
      }
    });
  };
  const people = new Set(against.data?.changes.map((one) => one.person)).size;
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("sched.publish.title", draft.name)}
      size="lg"
      closeButtonProps={{ "aria-label": t("history.close") }}
      data-testid="publish-dialog"
    >
      <form onSubmit={publish}>
        <Stack gap="sm">
          <Text size="sm">{t("sched.publish.help")}</Text>
          {against.error ? <Failed error={against.error} retry={against.reload} /> : null}
          {!against.data && !against.error ? <Loading /> : null}
          {against.data ? (
            <>
              <Text size="sm" fw={600} data-testid="publish-changes">
                {against.data.kind === "days"
                  ? t("sched.publish.changes", against.data.changes.length, people)
                  : t(SAID[against.data.kind])}
              </Text>
              {against.data.changes.length ? (
                <div className="verdict-list">
                  <ChangeTable plan={plan} changes={against.data.changes} />
                </div>
              ) : null}
            </>
          ) : null}
          {broken ? (
            <div>
              <Text size="sm" fw={600} c="var(--cf-bad)">
                {t("sched.publish.broken", broken)}
              </Text>
              <FindingList plan={plan} findings={verdict.violations} most={6} />
            </div>
          ) : null}
          {error ? <Failed error={error} /> : null}
          {broken || forgotten ? (
            <Checkbox
              label={t("sched.publish.despite")}
              checked={despite}
              onChange={(event) => setDespite(event.currentTarget.checked)}
              data-testid="publish-despite"
            />
          ) : null}
          <TextInput
            label={t("sched.note")}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
            maxLength={512}
            data-autofocus
            data-testid="publish-note"
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t("admin.cancel")}
            </Button>
            <Button
              type="submit"
              loading={busy}
              disabled={
                !against.data || against.data.kind === "nothing" || ((broken > 0 || forgotten) && !despite)
              }
              data-testid="publish-go"
            >
              {t("sched.publish")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** The problem of the roster that is in force; null while there is none. */
async function judgedBy(group: string, start: string): Promise<unknown> {
  const path = `/api/rosters/versions?group=${encodeURIComponent(group)}&current=true`;
  const version = inForce(await api.get<RosterVersionShown[]>(path), start);
  return version && (await api.get<RosterProblemWhole>(`/api/rosters/problems/${version.problem}`)).problem;
}
