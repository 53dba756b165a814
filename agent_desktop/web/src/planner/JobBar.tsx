/** What the server is at, on every page of planning: how far it is, how many wait before it, a way to stop it. */

import { Button, Group, Progress, Text } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { known } from "../shared/refusal";
import { useWords } from "../shared/words";
import { isActive, troubled } from "./jobs";
import { usePlanning } from "./planning";
import { stageWords } from "./stage";

export function JobBar() {
  const { t } = useWords();
  const { jobs, cancel, writes } = usePlanning();
  const [dismissed, setDismissed] = useLocalStorage<number[]>({
    key: "callfloor.planning.dismissed",
    defaultValue: [],
    getInitialValueInEffect: false,
  });
  const under = jobs.filter(isActive);
  const bad = troubled(jobs, dismissed, Date.now());
  if (!under.length && !bad.length) return null;
  return (
    <div className="panel jobs" role="status" data-testid="jobs">
      {bad.map((job) => (
        <Group
          key={job.id}
          gap="md"
          wrap="nowrap"
          justify="space-between"
          data-testid={`job-${job.kind}-failed`}
        >
          <Text size="sm" c="var(--cf-bad)">
            {t(`plan.job.${job.kind}.failed`, job.series_name, known(job.trouble, t) ?? job.trouble)}
          </Text>
          <Button
            size="compact-xs"
            variant="default"
            // The last ones are enough: older jobs are no longer told of.
            onClick={() => setDismissed([job.id, ...dismissed].slice(0, 50))}
          >
            {t("error.dismiss")}
          </Button>
        </Group>
      ))}
      {under.map((job) => (
        <Group key={job.id} gap="md" wrap="nowrap" data-testid={`job-${job.kind}`}>
          <Text size="sm" style={{ flex: "none" }}>
            {t(`plan.job.${job.kind}`, job.series_name)}
          </Text>
          <Progress.Root size="lg" style={{ flex: 1 }}>
            <Progress.Section
              value={Math.max(1, job.progress * 100)}
              animated={job.state === "running"}
              aria-label={t(`plan.job.${job.kind}`, job.series_name)}
              aria-valuetext={`${Math.round(job.progress * 100)}%`}
            />
          </Progress.Root>
          <Text size="sm" className="dim num" miw={170}>
            {job.state === "queued"
              ? job.ahead
                ? t("plan.job.ahead", job.ahead)
                : t("plan.job.queued")
              : `${Math.round(job.progress * 100)}% ${stageWords(job.stage, t)}`}
          </Text>
          {writes ? (
            <Button size="compact-xs" variant="default" onClick={() => cancel(job)} data-testid="job-cancel">
              {t("plan.job.cancel")}
            </Button>
          ) : null}
        </Group>
      ))}
    </div>
  );
}
