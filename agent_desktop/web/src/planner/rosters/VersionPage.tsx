/** A published roster, as agents see it, and what changed with it. */

import { Badge, Button, Group, Menu, Text, Title } from "@mantine/core";
import { IconDownload, IconFileSpreadsheet } from "@tabler/icons-react";
import { useCallback, useMemo } from "react";
import { api } from "../../shared/api";
import { spanWords } from "../../shared/format";
import { useCommand, useLoad } from "../../shared/hooks";
import { useSearch } from "../../shared/path";
import type {
  RosterDraftShown,
  RosterProblemWhole,
  RosterVerdict,
  RosterVersionWhole,
} from "../../shared/schema";
import { Failed, Loading, Nothing, Panel } from "../../shared/states";
import { useTitle } from "../../shared/title";
import { useWords } from "../../shared/words";
import { usePlanning } from "../planning";
import { ChangeTable } from "./ChangeTable";
import { Back } from "./DraftPage";
import { indexed } from "./edits";
import { Plan, type ProblemFile } from "./problem";
import { RosterBody } from "./RosterBody";
import { save } from "./save";
import { when } from "./when";

interface Whole {
  version: RosterVersionWhole;
  verdict: RosterVerdict;
  problem: RosterProblemWhole;
}

export function VersionPage({ id }: { id: number }) {
  const { data, error, reload } = useLoad(
    useCallback(async (): Promise<Whole> => {
      const path = `/api/rosters/versions/${id}`;
      const [version, verdict] = await Promise.all([
        api.get<RosterVersionWhole>(path),
        api.get<RosterVerdict>(`${path}/verdict`),
      ]);
      const problem = await api.get<RosterProblemWhole>(`/api/rosters/problems/${version.problem}`);
      return { version, verdict, problem };
    }, [id]),
  );
  if (error)
    return (
      <>
        <Back />
        <Failed error={error} retry={reload} />
      </>
    );
  if (!data) return <Loading />;
  return <Version {...data} />;
}

function Version({ version, verdict, problem }: Whole) {
  const { t, language } = useWords();
  const { writes } = usePlanning();
  const [, change] = useSearch();
  const { run, error, busy } = useCommand();
  const plan = useMemo(() => new Plan(problem.problem as unknown as ProblemFile), [problem]);
  const roster = useMemo(() => indexed(version.roster), [version]);
  const name = t("sched.version", version.number);
  useTitle(`${name} · ${t("plan.tab.rosters")}`);
  const path = `/api/rosters/versions/${version.id}`;
  const toDraft = () =>
    run(async () => {
      const draft = await api.post<RosterDraftShown>("/api/rosters/drafts", {
        problem: version.problem,
        name: `${problem.name} ${name}`.slice(0, 128),
        from_version: version.id,
      });
      change({ version: "", draft: String(draft.id) });
    });
  return (
    <>
      <Group justify="space-between" mb="xs" wrap="nowrap">
        <Group gap="xs" wrap="nowrap" miw={0}>
          <Back />
          <div style={{ minWidth: 0 }}>
            <Group gap={8} wrap="nowrap">
              <Title order={2} size="h4" className="name">
                {problem.name} · {name}
              </Title>
              {version.current ? (
                <Badge size="sm" variant="light">
                  {t("sched.current")}
                </Badge>
              ) : null}
            </Group>
            <Text size="xs" className="dim name">
              {t("sched.draft.of", version.group, spanWords(version.start, version.end, language))}
              {" · "}
              {t("sched.published_by", version.by, when(version.at, plan.zone, language))}
              {version.note ? ` · ${version.note}` : ""}
            </Text>
          </div>
        </Group>
        <Group gap="xs" wrap="nowrap">
          <Menu position="bottom-end" withinPortal>
            <Menu.Target>
              <Button size="sm" variant="default" leftSection={<IconDownload size={16} />}>
                {t("sched.files")}
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item component="a" href={`${path}/sheet`} leftSection={<IconFileSpreadsheet size={16} />}>
                {t("sched.sheet.out")}
              </Menu.Item>
              <Menu.Item
                leftSection={<IconDownload size={16} />}
                onClick={() => save(`roster-${version.start}-${version.number}.json`, version.roster)}
              >
                {t("sched.json.out")}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
          {writes ? (
            <Button size="sm" onClick={toDraft} loading={busy} data-testid="to-draft">
              {t("sched.to_draft")}
            </Button>
          ) : null}
        </Group>
      </Group>
      {error ? <Failed error={error} /> : null}
      <RosterBody
        plan={plan}
        path={path}
        roster={roster}
        verdict={verdict}
        tag={String(version.id)}
        editing={null}
        onAnew={
          writes && version.current
            ? (made) =>
                change(
                  made.version
                    ? { version: String(made.version), draft: "" }
                    : { version: "", draft: String(made.draft) },
                )
            : null
        }
        changes={
          <Panel label={t("sched.view.changes")}>
            {version.changes.length ? (
              <ChangeTable plan={plan} changes={version.changes} />
            ) : (
              <Nothing title={t("sched.first_version")} />
            )}
          </Panel>
        }
      />
    </>
  );
}
