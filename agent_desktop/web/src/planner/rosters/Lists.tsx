/** All there is: problems to solve, drafts that are worked on, rosters that are published. */

import { Badge, Button, Group, Menu, Stack, Table, Text } from "@mantine/core";
import { IconDotsVertical, IconPlus } from "@tabler/icons-react";
import { useCallback, useState } from "react";
import { api } from "../../shared/api";
import { addDays, figure, spanWords } from "../../shared/format";
import { useCommand, useLoad } from "../../shared/hooks";
import { tellProblem } from "../../shared/notice";
import { useSearch } from "../../shared/path";
import type {
  RosterDraftShown,
  RosterProblemShown,
  RosterProblemWhole,
  RosterVersionShown,
} from "../../shared/schema";
import { Failed, Loading, Nothing, Panel } from "../../shared/states";
import { useWords } from "../../shared/words";
import { Ask } from "../Ask";
import { usePlanning } from "../planning";
import { Jobs } from "./Jobs";
import { NewProblem } from "./NewProblem";
import { SolveDialog } from "./SolveDialog";
import { save } from "./save";
import type { RosterJobs } from "./useJobs";
import { when } from "./when";

const FEW = 8;

type Doomed = { kind: "problem" | "draft"; id: number; name: string };

export function Lists({ jobs }: { jobs: RosterJobs }) {
  const { t, language } = useWords();
  const { writes } = usePlanning();
  const [, change] = useSearch();
  const [making, setMaking] = useState(false);
  const [notes, setNotes] = useState<readonly string[]>([]);
  const [solving, setSolving] = useState<RosterProblemShown | null>(null);
  const [doomed, setDoomed] = useState<Doomed | null>(null);
  const [all, setAll] = useState({ problems: false, drafts: false, versions: false });
  const { run, error, clear } = useCommand();
  const { done } = jobs;
  const problems = useLoad(useCallback(() => api.get<RosterProblemShown[]>("/api/rosters/problems"), []));
  const drafts = useLoad(
    // biome-ignore lint/correctness/useExhaustiveDependencies: a job has made one more
    useCallback(() => api.get<RosterDraftShown[]>("/api/rosters/drafts"), [done]),
  );
  const versions = useLoad(useCallback(() => api.get<RosterVersionShown[]>("/api/rosters/versions"), []));
  const names = new Map(problems.data?.map((one) => [one.id, one.name]));
  const nameOf = (id: number) => names.get(id) ?? `#${id}`;
  const zones = new Map(problems.data?.map((one) => [one.id, one.zone]));
  const span = (one: RosterProblemShown | RosterDraftShown) =>
    spanWords(one.start, addDays(one.start, one.days - 1), language);
  const openDraft = (id: number) => change({ draft: String(id), version: "" });
  const empty = (problem: RosterProblemShown) =>
    run(async () => {
      const draft = await api.post<RosterDraftShown>("/api/rosters/drafts", {
        problem: problem.id,
        name: problem.name,
      });
      openDraft(draft.id);
    });
  const copy = (from: RosterDraftShown) =>
    run(async () => {
      const draft = await api.post<RosterDraftShown>("/api/rosters/drafts", {
        problem: from.problem,
        name: t("sched.copy_of", from.name).slice(0, 128),
        from_draft: from.id,
      });
      openDraft(draft.id);
    });
  const drop = async () => {
    const what = doomed;
    setDoomed(null);
    if (!what) return;
    await run(async () => {
      await api.drop(`/api/rosters/${what.kind}s/${what.id}`);
      (what.kind === "problem" ? problems : drafts).reload();
    });
  };
  const download = (problem: RosterProblemShown) =>
    api.get<RosterProblemWhole>(`/api/rosters/problems/${problem.id}`).then(
      (whole) => save(`problem-${problem.id}.json`, whole.problem),
      (why: unknown) => tellProblem(why, t),
    );
  const failed = problems.error ?? drafts.error ?? versions.error;
  if (failed)
    return (
      <Failed
        error={failed}
        retry={() => {
          problems.reload();
          drafts.reload();
          versions.reload();
        }}
      />
    );
  if (!problems.data || !drafts.data || !versions.data) return <Loading />;
  const few = <T,>(rows: readonly T[], whole: boolean) => (whole ? rows : rows.slice(0, FEW));
  const more = (kind: keyof typeof all, count: number) =>
    count > FEW && !all[kind] ? (
      <Button size="compact-xs" variant="subtle" mt={4} onClick={() => setAll({ ...all, [kind]: true })}>
        {t("sched.all", count)}
      </Button>
    ) : null;
  return (
    <Stack gap="sm">
      <Jobs all={jobs} writes={writes} problemName={nameOf} onDraft={openDraft} />
      {error ? <Failed error={error} onClose={clear} /> : null}
      {notes.length ? (
        <Panel>
          <Group justify="space-between" wrap="nowrap" align="flex-start">
            <ul className="said">
              {notes.map((one) => (
                <li key={one}>{one}</li>
              ))}
            </ul>
            <Button size="compact-xs" variant="default" onClick={() => setNotes([])}>
              {t("error.dismiss")}
            </Button>
          </Group>
        </Panel>
      ) : null}
      <div className="lists-grid">
        <Panel label={t("sched.drafts")} testid="drafts">
          <Text fw={600} size="sm" mb={4}>
            {t("sched.drafts")}
          </Text>
          {drafts.data.length ? (
            <Table verticalSpacing={4} className="board-table">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t("sched.name")}</Table.Th>
                  <Table.Th>{t("sched.period")}</Table.Th>
                  <Table.Th ta="end">{t("sched.cost")}</Table.Th>
                  <Table.Th ta="end">{t("sched.violations.short")}</Table.Th>
                  <Table.Th>{t("sched.changed")}</Table.Th>
                  <Table.Th />
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {few(drafts.data, all.drafts).map((one) => (
                  <Table.Tr key={one.id} data-testid={`draft-${one.id}`}>
                    <Table.Td className="long">
                      <button type="button" className="link" onClick={() => openDraft(one.id)}>
                        {one.name}
                      </button>
                      <span className="under">{one.group}</span>
                    </Table.Td>
                    <Table.Td>{span(one)}</Table.Td>
                    <Table.Td ta="end" className="num">
                      {figure(one.cost, language)}
                    </Table.Td>
                    <Table.Td ta="end" className="num" c={one.violations ? "var(--cf-bad)" : undefined}>
                      {one.violations}
                    </Table.Td>
                    <Table.Td>
                      {when(one.changed_at, zones.get(one.problem) ?? "UTC", language)}
                      <span className="under">{one.changed_by}</span>
                    </Table.Td>
                    <Table.Td ta="end">
                      {writes ? (
                        <More label={t("sched.more_of", one.name)}>
                          <Menu.Item onClick={() => copy(one)}>{t("sched.copy")}</Menu.Item>
                          <Menu.Item
                            c="var(--cf-bad)"
                            onClick={() => setDoomed({ kind: "draft", id: one.id, name: one.name })}
                          >
                            {t("sched.delete")}
                          </Menu.Item>
                        </More>
                      ) : null}
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          ) : (
            <Nothing title={t("sched.drafts.none")} help={t("sched.drafts.none.help")} />
          )}
          {more("drafts", drafts.data.length)}
        </Panel>
        <Panel label={t("sched.versions")} testid="versions">
          <Text fw={600} size="sm" mb={4}>
            {t("sched.versions")}
          </Text>
          {versions.data.length ? (
            <Table verticalSpacing={4} className="board-table">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t("sched.period")}</Table.Th>
                  <Table.Th>{t("sched.version.head")}</Table.Th>
                  <Table.Th>{t("sched.published.head")}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {few(versions.data, all.versions).map((one) => (
                  <Table.Tr key={one.id} data-testid={`version-${one.id}`}>
                    <Table.Td>
                      <button
                        type="button"
                        className="link"
                        onClick={() => change({ version: String(one.id), draft: "" })}
                      >
                        {spanWords(one.start, one.end, language)}
                      </button>
                      <span className="under">{one.group}</span>
                    </Table.Td>
                    <Table.Td>
                      {one.number}{" "}
                      {one.current ? (
                        <Badge size="xs" variant="light">
                          {t("sched.current")}
                        </Badge>
                      ) : null}
                      <span className="under">{t(`sched.version.${one.how}`)}</span>
                    </Table.Td>
                    <Table.Td>
                      {when(one.at, zones.get(one.problem) ?? "UTC", language)}
                      <span className="under">
                        {one.by}
                        {one.note ? ` · ${one.note}` : ""}
                      </span>
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          ) : (
            <Nothing title={t("sched.versions.none")} />
          )}
          {more("versions", versions.data.length)}
        </Panel>
      </div>
      <Panel label={t("sched.problems")} testid="problems">
        <Group justify="space-between" mb={4}>
          <Text fw={600} size="sm">
            {t("sched.problems")}
          </Text>
          {writes ? (
            <Button
              size="compact-sm"
              leftSection={<IconPlus size={15} />}
              onClick={() => setMaking(true)}
              data-testid="new-problem-open"
            >
              {t("sched.new")}
            </Button>
          ) : null}
        </Group>
        {problems.data.length ? (
          <Table verticalSpacing={4} className="board-table">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("sched.name")}</Table.Th>
                <Table.Th>{t("sched.group")}</Table.Th>
                <Table.Th>{t("sched.period")}</Table.Th>
                <Table.Th ta="end">{t("sched.people")}</Table.Th>
                <Table.Th>{t("sched.made")}</Table.Th>
                <Table.Th />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {few(problems.data, all.problems).map((one) => (
                <Table.Tr key={one.id} data-testid={`problem-${one.id}`}>
                  <Table.Td className="long">
                    {one.name}
                    {one.unlinked.length ? (
                      <span className="under" title={one.unlinked.join(", ")}>
                        {t("sched.unlinked", one.unlinked.length)}
                      </span>
                    ) : null}
                  </Table.Td>
                  <Table.Td>{one.group}</Table.Td>
                  <Table.Td>{span(one)}</Table.Td>
                  <Table.Td ta="end" className="num">
                    {one.people}
                  </Table.Td>
                  <Table.Td>
                    {when(one.at, one.zone, language)} <span className="dim">{one.by}</span>
                  </Table.Td>
                  <Table.Td ta="end">
                    {writes ? (
                      <Group gap={4} justify="flex-end" wrap="nowrap">
                        <Button
                          size="compact-sm"
                          variant="light"
                          onClick={() => setSolving(one)}
                          data-testid="solve"
                        >
                          {t("sched.solve")}
                        </Button>
                        <More label={t("sched.more_of", one.name)}>
                          <Menu.Item onClick={() => empty(one)}>{t("sched.draft.empty")}</Menu.Item>
                          <Menu.Item onClick={() => download(one)}>{t("sched.json.problem")}</Menu.Item>
                          <Menu.Item
                            c="var(--cf-bad)"
                            onClick={() => setDoomed({ kind: "problem", id: one.id, name: one.name })}
                          >
                            {t("sched.delete")}
                          </Menu.Item>
                        </More>
                      </Group>
                    ) : null}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        ) : (
          <Nothing title={t("sched.problems.none")} help={t("sched.problems.none.help")} />
        )}
        {more("problems", problems.data.length)}
      </Panel>
      {making ? (
        <NewProblem
          group={problems.data[0]?.group ?? versions.data[0]?.group ?? ""}
          onClose={() => setMaking(false)}
          onMade={(problem, said) => {
            setMaking(false);
            setNotes(said);
            problems.reload();
            setSolving(problem);
          }}
        />
      ) : null}
      {solving ? (
        <SolveDialog
          problem={solving}
          drafts={drafts.data.filter((one) => one.problem === solving.id)}
          onAsked={jobs.take}
          onClose={() => setSolving(null)}
        />
      ) : null}
      {doomed ? (
        <Ask
          title={t("sched.delete.title", doomed.name)}
          help={t(doomed.kind === "draft" ? "sched.delete.draft" : "sched.delete.problem")}
          yes={t("sched.delete")}
          danger
          onYes={() => void drop()}
          onNo={() => setDoomed(null)}
        />
      ) : null}
    </Stack>
  );
}

function More({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <button type="button" className="row-menu" aria-label={label}>
          <IconDotsVertical size={16} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>{children}</Menu.Dropdown>
    </Menu>
  );
}
