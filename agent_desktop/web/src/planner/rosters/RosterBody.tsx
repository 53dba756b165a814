/** A roster from all sides: the period, a day, cover, the verdict; of a draft and of a published one. */

import { ActionIcon, Button, Group, SegmentedControl, Text, TextInput } from "@mantine/core";
import { IconChevronLeft, IconChevronRight, IconSearch } from "@tabler/icons-react";
import { type ReactNode, useCallback, useMemo, useState } from "react";
import { keptAt } from "../../rosters/kept";
import { useSession } from "../../session/session";
import { api } from "../../shared/api";
import { dayWords, figure } from "../../shared/format";
import { useLoad } from "../../shared/hooks";
import { tellDone } from "../../shared/notice";
import { useSearch } from "../../shared/path";
import type {
  RosterCoverWhole,
  RosterFinding,
  RosterProposalShown,
  RosterVerdict,
} from "../../shared/schema";
import { Failed, Loading } from "../../shared/states";
import { useWords } from "../../shared/words";
import { AnewDialog } from "./AnewDialog";
import { readSought, soughtName } from "./anew";
import { CellEditor } from "./CellEditor";
import { CoverView } from "./CoverView";
import { missingByDay } from "./cover";
import { DayChart } from "./DayChart";
import { type At, keyOf, type Rostered } from "./edits";
import { PeriodGrid } from "./PeriodGrid";
import type { Plan } from "./problem";
import { Difference } from "./Said";
import type { Editing } from "./useEditing";
import { VerdictView } from "./VerdictView";

export const VIEWS = ["period", "day", "cover", "verdict", "changes"] as const;
export type View = (typeof VIEWS)[number];

interface Props {
  plan: Plan;
  path: string;
  roster: Rostered;
  verdict: RosterVerdict;
  /** Changes with the roster. */
  tag: string;
  editing: Editing | null;
  /** A day was planned anew: what is shown has to be loaded again. Null: that is not this person's to do. */
  onAnew: ((made: NonNullable<RosterProposalShown["accepted"]>) => void) | null;
  /** The view of changes. */
  changes: ReactNode;
  tools?: ReactNode;
}

export function RosterBody({ plan, path, roster, verdict, tag, editing, onAnew, changes, tools }: Props) {
  const { t, language } = useWords();
  const [search, change] = useSearch();
  const view: View = VIEWS.find((one) => one === search.get("view")) ?? "period";
  const asked = search.get("day") ?? "";
  const day = plan.place(asked) >= 0 ? asked : (plan.days[0]?.day ?? "");
  const person = search.get("person");
  const filter = search.get("find") ?? "";
  const only = search.get("only") === "bad";
  const [open, setOpen] = useState<At | null>(null);
  const { me } = useSession();
  const place = keptAt(me?.user ?? "", soughtName(path));
  // The day that is planned anew: that of a proposal a reload of the page has met, too.
  const [anew, setAnew] = useState<string | null>(() => {
    const found = onAnew ? readSought(sessionStorage.getItem(place)) : null;
    return found && plan.place(found.asked.day) >= 0 ? found.asked.day : null;
  });
  const cover = useLoad(
    // biome-ignore lint/correctness/useExhaustiveDependencies: the tag is what has changed
    useCallback(() => api.get<RosterCoverWhole>(`${path}/cover`), [path, tag]),
  );
  // While it is loaded anew the one before is shown.
  const [kept, setKept] = useState<RosterCoverWhole | null>(null);
  if (cover.data && cover.data !== kept) setKept(cover.data);
  const bad = useMemo(
    () =>
      new Set(
        verdict.violations
          .filter((one) => one.person && one.day)
          .map((one) => keyOf(one.person, one.day ?? "")),
      ),
    [verdict],
  );
  const people = useMemo(() => {
    const wrong = new Set(verdict.violations.map((one) => one.person));
    const words = filter.trim().toLowerCase();
    return plan.file.people.filter(
      (one) =>
        (!only || wrong.has(one.id)) &&
        (!words ||
          [one.id, one.name, one.team, one.branch, ...Object.keys(one.skills ?? {})].some((each) =>
            each?.toLowerCase().includes(words),
          )),
    );
  }, [plan, filter, only, verdict]);
  const short = useMemo(() => {
    if (!kept) return undefined;
    const { minutes, shifts } = missingByDay(kept);
    if (![...minutes, ...shifts].some(Boolean)) return undefined;
    return plan.days.map((_, n) => {
      const hours = Math.round((minutes[n] ?? 0) / 60);
      if (hours) return `−${hours}h`;
      return shifts[n] ? `−${shifts[n]}` : "";
    });
  }, [kept, plan]);
  const at = person ? { person, day } : null;
  const setAt = useCallback((next: At) => change({ person: next.person, day: next.day }), [change]);
  const toDay = (next: string) => change({ day: next });
  const turn = (by: number) => {
    const next = plan.days[plan.place(day) + by];
    if (next) toDay(next.day);
  };
  const pick = (finding: RosterFinding) =>
    finding.person
      ? change({ view: "", person: finding.person, day: finding.day ?? day, find: "", only: "" })
      : change({ view: finding.minute !== null ? "cover" : "day", day: finding.day ?? day });
  const openCell = (next: At) => {
    setAt(next);
    if (editing) setOpen(next);
    else change({ view: "day", day: next.day, person: next.person });
  };
  return (
    <>
      <section className="panel roster-panel" aria-label={t("plan.tab.rosters")} data-testid="roster-body">
        <Group justify="space-between" gap="sm" mb="xs" wrap="nowrap">
          <SegmentedControl
            size="xs"
            aria-label={t("sched.view")}
            value={view}
            onChange={(next) => change({ view: next === "period" ? "" : next })}
            data={VIEWS.map((one) => ({
              value: one,
              label:
                one === "verdict" && verdict.violations.length
                  ? `${t("sched.view.verdict")} (${verdict.violations.length})`
                  : t(`sched.view.${one}`),
            }))}
            data-testid="views"
          />
          {view === "day" || view === "cover" ? (
            <Group gap={2} wrap="nowrap">
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t("plan.day.before")}
                onClick={() => turn(-1)}
                disabled={plan.place(day) <= 0}
              >
                <IconChevronLeft size={17} />
              </ActionIcon>
              <Text size="sm" fw={600} miw={110} ta="center" data-testid="roster-day">
                {dayWords(day, language)}
              </Text>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t("plan.day.after")}
                onClick={() => turn(1)}
                disabled={plan.place(day) >= plan.days.length - 1}
              >
                <IconChevronRight size={17} />
              </ActionIcon>
            </Group>
          ) : null}
          <Group gap="xs" wrap="nowrap">
            {view === "period" || view === "day" ? (
              <>
                {verdict.violations.length ? (
                  <SegmentedControl
                    size="xs"
                    aria-label={t("sched.only")}
                    value={only ? "bad" : "all"}
                    onChange={(next) => change({ only: next === "bad" ? "bad" : "" })}
                    data={[
                      { value: "all", label: t("sched.only.all") },
                      { value: "bad", label: t("sched.only.bad") },
                    ]}
                  />
                ) : null}
                <TextInput
                  size="xs"
                  w={150}
                  leftSection={<IconSearch size={14} />}
                  placeholder={t("sched.find")}
                  aria-label={t("sched.find")}
                  value={filter}
                  onChange={(event) => change({ find: event.currentTarget.value })}
                  data-testid="roster-find"
                />
              </>
            ) : null}
            {view === "day" && onAnew ? (
              <Button size="compact-sm" variant="light" onClick={() => setAnew(day)} data-testid="anew-open">
                {t("sched.anew")}
              </Button>
            ) : null}
            {tools}
          </Group>
        </Group>
        {editing ? <Strip plan={plan} editing={editing} keys={view === "period"} /> : null}
        {view === "period" ? (
          <PeriodGrid
            plan={plan}
            people={people}
            roster={roster}
            bad={bad}
            short={short}
            at={at}
            onAt={setAt}
            onOpen={openCell}
            onDay={(next) => change({ view: "day", day: next })}
            editing={editing}
          />
        ) : null}
        {view === "day" ? (
          <DayChart
            plan={plan}
            people={people}
            roster={roster}
            bad={bad}
            day={day}
            cover={kept}
            person={person}
            onPerson={(next) => change({ person: next, day })}
            onOpen={(next) => openCell({ person: next, day })}
            editing={editing}
          />
        ) : null}
      </section>
      {view === "cover" ? (
        kept ? (
          <CoverView
            plan={plan}
            cover={kept}
            path={path}
            day={day}
            onDay={toDay}
            onPut={editing ? (cell) => editing.propose([cell]) : null}
            version={tag}
          />
        ) : cover.error ? (
          <Failed error={cover.error} retry={cover.reload} />
        ) : (
          <Loading />
        )
      ) : null}
      {view === "verdict" ? (
        <VerdictView plan={plan} roster={roster} verdict={verdict} onPick={pick} />
      ) : null}
      {view === "changes" ? changes : null}
      {anew && onAnew ? (
        <AnewDialog
          plan={plan}
          roster={roster}
          day={anew}
          path={path}
          place={place}
          demands={kept?.demands.map((one) => one.name) ?? []}
          published={editing === null}
          onDone={(made) => {
            setAnew(null);
            tellDone(t("sched.anew.done"));
            onAnew(made);
          }}
          onClose={() => setAnew(null)}
        />
      ) : null}
      {open && editing ? (
        <CellEditor
          key={keyOf(open.person, open.day)}
          plan={plan}
          at={open}
          editing={editing}
          onClose={() => setOpen(null)}
        />
      ) : null}
    </>
  );
}

/** What the roster costs and breaks now, and what the last change did. */
function Strip({ plan, editing, keys }: { plan: Plan; editing: Editing; keys: boolean }) {
  const { t, language } = useWords();
  const { draft, last, busy } = editing;
  return (
    <div className="roster-strip" role="status" aria-live="polite" data-testid="strip">
      <span>
        {t("sched.cost")} <b className="num">{figure(draft.cost, language)}</b>
      </span>
      <span data-testid="strip-violations" data-count={draft.violations}>
        {t("sched.violations")}{" "}
        <b className="num" style={{ color: draft.violations ? "var(--cf-bad)" : undefined }}>
          {draft.violations}
        </b>
      </span>
      <span className="last">
        {busy ? (
          <span className="dim">{t("sched.judging")}</span>
        ) : last ? (
          <Difference plan={plan} difference={last.difference} brief />
        ) : keys ? (
          <span className="dim fine">{t("sched.keys")}</span>
        ) : null}
      </span>
    </div>
  );
}
