/** A draft: worked on, judged, published. */

import { ActionIcon, Button, Group, Menu, Text, Title } from "@mantine/core";
import { useWindowEvent } from "@mantine/hooks";
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconArrowLeft,
  IconDotsVertical,
  IconDownload,
  IconFileSpreadsheet,
  IconUpload,
} from "@tabler/icons-react";
import { useCallback, useMemo, useState } from "react";
import { api } from "../../shared/api";
import { addDays, spanWords } from "../../shared/format";
import { useLoad } from "../../shared/hooks";
import { tellDone } from "../../shared/notice";
import { useSearch } from "../../shared/path";
import type { RosterDraftWhole, RosterProblemWhole } from "../../shared/schema";
import { Failed, Loading } from "../../shared/states";
import { useTitle } from "../../shared/title";
import { useWords } from "../../shared/words";
import { usePlanning } from "../planning";
import { PendingDialog } from "./PendingDialog";
import { PublishDialog } from "./PublishDialog";
import { Plan, type ProblemFile } from "./problem";
import { RosterBody } from "./RosterBody";
import { SheetDialog } from "./SheetDialog";
import { save } from "./save";
import { TrailView } from "./TrailView";
import { useEditing } from "./useEditing";
import { when } from "./when";

export function DraftPage({ id }: { id: number }) {
  const draft = useLoad(useCallback(() => api.get<RosterDraftWhole>(`/api/rosters/drafts/${id}`), [id]));
  // While it is loaded anew, as after somebody else's change, the one before stays in sight.
  const [kept, setKept] = useState<RosterDraftWhole | null>(null);
  if (draft.data && draft.data !== kept) setKept(draft.data);
  const [planned, setPlanned] = useState<RosterProblemWhole | null>(null);
  const number = kept?.problem ?? null;
  const problem = useLoad(
    useCallback(
      () =>
        number === null
          ? Promise.resolve(null)
          : api.get<RosterProblemWhole>(`/api/rosters/problems/${number}`),
      [number],
    ),
  );
  if (problem.data && problem.data !== planned) setPlanned(problem.data);
  const plan = useMemo(
    () => (planned ? new Plan(planned.problem as unknown as ProblemFile) : null),
    [planned],
  );
  if (draft.error && !kept)
    return (
      <>
        <Back />
        <Failed error={draft.error} retry={draft.reload} />
      </>
    );
  if (problem.error) return <Failed error={problem.error} retry={problem.reload} />;
  if (!kept || kept.id !== id || !plan) return <Loading />;
  return (
    <Draft
      whole={kept}
      plan={plan}
      reload={draft.reload}
      // It may be of another problem now: illness and demand are part of it.
      onAnew={() => {
        draft.reload();
        problem.reload();
      }}
    />
  );
}

/** The way back to all rosters. */
export function Back() {
  const { t } = useWords();
  const [, change] = useSearch();
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      aria-label={t("sched.back")}
      onClick={() => change({ draft: "", version: "", view: "", day: "", person: "", find: "", only: "" })}
      data-testid="back"
    >
      <IconArrowLeft size={18} />
    </ActionIcon>
  );
}

interface DraftProps {
  whole: RosterDraftWhole;
  plan: Plan;
  reload: () => void;
  onAnew: () => void;
}

function Draft({ whole, plan, reload, onAnew }: DraftProps) {
  const { t, language } = useWords();
  const { writes } = usePlanning();
  const [, change] = useSearch();
  const editing = useEditing(whole, reload);
  const [dialog, setDialog] = useState<"publish" | "sheet" | null>(null);
  const { draft } = editing;
  useTitle(`${draft.name} · ${t("plan.tab.rosters")}`);
  const path = `/api/rosters/drafts/${draft.id}`;
  const { undo, redo } = editing;
  useWindowEvent("keydown", (event) => {
    if (!writes || dialog || editing.pending || !(event.ctrlKey || event.metaKey)) return;
    if (event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement) return;
    const back = event.key === "z" && !event.shiftKey;
    const again = event.key === "y" || (event.key.toLowerCase() === "z" && event.shiftKey);
    if (back && undo) void undo();
    else if (again && redo) void redo();
    else return;
    event.preventDefault();
  });
  return (
    <>
      <Group justify="space-between" mb="xs" wrap="nowrap">
        <Group gap="xs" wrap="nowrap" miw={0}>
          <Back />
          <div style={{ minWidth: 0 }}>
            <Title order={2} size="h4" className="name">
              {draft.name}
            </Title>
            <Text size="xs" className="dim name">
              {t(
                "sched.draft.of",
                draft.group,
                spanWords(draft.start, addDays(draft.start, draft.days - 1), language),
              )}
              {" · "}
              {t("sched.changed_by", draft.changed_by, when(draft.changed_at, plan.zone, language))}
            </Text>
          </div>
        </Group>
        <Group gap="xs" wrap="nowrap">
          {writes ? (
            <>
              <ActionIcon
                variant="default"
                size="md"
                aria-label={t("sched.undo")}
                title={`${t("sched.undo")} (Ctrl+Z)`}
                disabled={!undo || editing.busy}
                onClick={() => void undo?.()}
                data-testid="undo"
              >
                <IconArrowBackUp size={17} />
              </ActionIcon>
              <ActionIcon
                variant="default"
                size="md"
                aria-label={t("sched.redo")}
                title={`${t("sched.redo")} (Ctrl+Y)`}
                disabled={!redo || editing.busy}
                onClick={() => void redo?.()}
                data-testid="redo"
              >
                <IconArrowForwardUp size={17} />
              </ActionIcon>
            </>
          ) : null}
          <Menu position="bottom-end" withinPortal>
            <Menu.Target>
              <ActionIcon variant="default" size="md" aria-label={t("sched.files")} data-testid="draft-menu">
                <IconDotsVertical size={17} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item
                component="a"
                href={`${path}/sheet`}
                leftSection={<IconFileSpreadsheet size={16} />}
                data-testid="sheet-out"
              >
                {t("sched.sheet.out")}
              </Menu.Item>
              {writes ? (
                <Menu.Item
                  leftSection={<IconUpload size={16} />}
                  onClick={() => setDialog("sheet")}
                  data-testid="sheet-in"
                >
                  {t("sched.sheet.in")}
                </Menu.Item>
              ) : null}
              <Menu.Item
                leftSection={<IconDownload size={16} />}
                onClick={() => save(`draft-${draft.id}.json`, [...editing.roster.values()])}
              >
                {t("sched.json.out")}
              </Menu.Item>
              <Menu.Item
                leftSection={<IconDownload size={16} />}
                onClick={() => save(`problem-${draft.problem}.json`, plan.file)}
              >
                {t("sched.json.problem")}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
          {writes ? (
            <Button size="sm" onClick={() => setDialog("publish")} data-testid="publish">
              {t("sched.publish")}
            </Button>
          ) : null}
        </Group>
      </Group>
      <RosterBody
        plan={plan}
        path={path}
        roster={editing.roster}
        verdict={editing.verdict}
        tag={draft.tag}
        editing={writes ? editing : null}
        onAnew={writes ? onAnew : null}
        changes={<TrailView plan={plan} draft={draft.id} tag={draft.tag} />}
      />
      <PendingDialog plan={plan} editing={editing} />
      {dialog === "publish" ? (
        <PublishDialog
          plan={plan}
          editing={editing}
          onClose={() => setDialog(null)}
          onDone={(version) => {
            tellDone(t("sched.published", version.number));
            change({ draft: "", version: String(version.id), view: "" });
          }}
        />
      ) : null}
      {dialog === "sheet" ? (
        <SheetDialog plan={plan} editing={editing} onClose={() => setDialog(null)} />
      ) : null}
    </>
  );
}
