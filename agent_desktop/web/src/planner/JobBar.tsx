/** What the server is at, on every page of planning: how far it is, how many wait before it, a way to stop it. */

import { Button, Group, Progress, Text } from "@mantine/core";
import { useWords } from "../shared/words";
import { isActive } from "./jobs";
import { usePlanning } from "./planning";
import { stageWords } from "./stage";

export function JobBar() {
  const { t } = useWords();
  const { jobs, cancel, writes } = usePlanning();
  const under = jobs.filter(isActive);
  if (!under.length) return null;
  return (
    <div className="panel jobs" role="status" data-testid="jobs">
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
