/** What the solver is at: how far it is, what it has found so far, and what no roster can cost less than. */

import { Alert, Button, Group, Progress, Text } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { useState } from "react";
import { figure, percentWords } from "../../shared/format";
import { Curve } from "../../shared/plot/Curve";
import { known } from "../../shared/refusal";
import type { RosterJobShown } from "../../shared/schema";
import { Panel } from "../../shared/states";
import { useWords } from "../../shared/words";
import { conflictLines } from "./conflictSaid";
import { gapOf, isActive, type Point } from "./progress";
import type { RosterJobs } from "./useJobs";

const LATELY_MS = 24 * 60 * 60 * 1000;

interface Props {
  all: RosterJobs;
  writes: boolean;
  problemName: (id: number) => string;
  onDraft: (id: number) => void;
}

export function Jobs({ all, writes, problemName, onDraft }: Props) {
  const { t } = useWords();
  const [dismissed, setDismissed] = useLocalStorage<number[]>({
    key: "callfloor.rosters.dismissed",
    defaultValue: [],
    getInitialValueInEffect: false,
  });
  const [newest] = all.jobs;
  const shown = all.jobs.filter(
    (job) =>
      isActive(job) ||
      // The newest stays until it is waved away: what came of it is looked at when it is done.
      (job === newest && !dismissed.includes(job.id) && Date.now() - (job.ended_at ?? 0) < LATELY_MS),
  );
  return shown.map((job) => (
    <Job
      key={job.id}
      job={job}
      points={all.found[job.id] ?? []}
      name={problemName(job.problem)}
      onEnd={writes ? (how) => all.end(job, how) : null}
      onDraft={onDraft}
      onDismiss={() => setDismissed([job.id, ...dismissed].slice(0, 50))}
      t={t}
    />
  ));
}

/** A little below the lowest figure: what is won late in the search is in sight. */
function floorOf(points: readonly Point[]): number {
  const known = points.flatMap((one) => [one.objective, one.bound]).filter((one) => one !== null);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  return Math.max(0, low - Math.max(1, (high - low) * 0.15));
}

interface JobProps {
  job: RosterJobShown;
  points: readonly Point[];
  name: string;
  onEnd: ((how: "stop" | "cancel") => void) | null;
  onDraft: (id: number) => void;
  onDismiss: () => void;
  t: ReturnType<typeof useWords>["t"];
}

function Job({ job, points, name, onEnd, onDraft, onDismiss, t }: JobProps) {
  const { language } = useWords();
  const [cursor, setCursor] = useState<number | null>(null);
  const active = isActive(job);
  const gap = gapOf(job);
  const share = Math.round(job.progress * 100);
  const here = cursor !== null ? points[cursor] : undefined;
  const [objective, bound] = here ? [here.objective, here.bound] : [job.objective, job.bound];
  return (
    <Panel testid={`solve-${job.id}`} label={t("sched.job", name)}>
      <Group justify="space-between" gap="md" wrap="nowrap" role={active ? "status" : undefined}>
        <Text size="sm" fw={600} truncate>
          {t("sched.job", name)}
        </Text>
        {active ? (
          <Progress.Root size="lg" style={{ flex: 1 }}>
            <Progress.Section
              value={Math.max(1, share)}
              animated={job.state === "running"}
              aria-label={t("sched.job", name)}
              aria-valuetext={`${share}%`}
            />
          </Progress.Root>
        ) : null}
        <Text size="sm" className="dim num" data-testid="solve-state" data-state={job.state}>
          {job.state === "queued"
            ? job.ahead
              ? t("plan.job.ahead", job.ahead)
              : t("plan.job.queued")
            : active
              ? `${share}%`
              : t(`sched.job.${job.state as "done" | "cancelled" | "failed" | "interrupted"}.state`)}
        </Text>
        {active && onEnd ? (
          <Group gap="xs" wrap="nowrap">
            <Button
              size="compact-sm"
              variant="default"
              disabled={job.objective === null}
              onClick={() => onEnd("stop")}
              data-testid="solve-stop"
            >
              {t("sched.job.stop")}
            </Button>
            <Button size="compact-sm" variant="default" c="var(--cf-bad)" onClick={() => onEnd("cancel")}>
              {t("sched.job.cancel")}
            </Button>
          </Group>
        ) : null}
        {!active ? (
          <Group gap="xs" wrap="nowrap">
            {job.result !== null ? (
              <Button
                size="compact-sm"
                onClick={() => onDraft(job.result as number)}
                data-testid="solve-open"
              >
                {t("sched.job.open")}
              </Button>
            ) : null}
            <Button size="compact-sm" variant="default" onClick={onDismiss}>
              {t("error.dismiss")}
            </Button>
          </Group>
        ) : null}
      </Group>
      {job.trouble ? (
        <Alert color="red" variant="light" mt="xs" py="xs" data-testid="solve-trouble">
          <Text size="sm" className="lines">
            {conflictLines(job.trouble, { t, language, people: new Map() })?.join("\n") ??
              known(job.trouble, t) ??
              job.trouble}
          </Text>
        </Alert>
      ) : null}
      {job.objective !== null ? (
        <Group gap="4px 24px" mt={6}>
          <span className="readout">
            <span className="swatch" style={{ color: "var(--cf-plot-forecast)" }} aria-hidden />{" "}
            {t("sched.objective")} <b className="num">{figure(objective, language)}</b>
          </span>
          <span className="readout">
            <span className="swatch dash" style={{ color: "var(--cf-plot-human)" }} aria-hidden />{" "}
            {t("sched.bound")} <b className="num">{figure(bound, language)}</b>
          </span>
          <span className="dim num">
            {here ? t("sched.job.at", figure(here.at, language)) : ""}
            {!here && gap !== null ? t("sched.gap", percentWords(gap * 100, language)) : ""}
            {!here && job.bound === null ? t("sched.no_bound") : ""}
          </span>
        </Group>
      ) : active && job.state === "running" ? (
        <Text size="sm" className="dim" mt={6}>
          {t("sched.job.seeking")}
        </Text>
      ) : null}
      {points.length > 1 ? (
        <Curve
          label={t("sched.job.curve")}
          xs={points.map((one) => one.at)}
          lines={[
            {
              name: "objective",
              color: "var(--cf-plot-forecast)",
              values: points.map((one) => one.objective),
            },
            {
              name: "bound",
              color: "var(--cf-plot-human)",
              dash: "4 4",
              values: points.map((one) => one.bound),
            },
          ]}
          xText={(x) => t("unit.s.of", figure(x, language))}
          yText={(y) => figure(y, language)}
          cursor={cursor !== null && cursor < points.length ? cursor : null}
          onCursor={setCursor}
          said={(n) => {
            const one = points[n];
            return one
              ? `${t("sched.job.at", figure(one.at, language))}: ${t("sched.objective")} ${figure(one.objective, language)}, ${t("sched.bound")} ${figure(one.bound, language)}`
              : "";
          }}
          from={floorOf(points)}
          height={150}
          testid="solve-curve"
        />
      ) : null}
    </Panel>
  );
}
