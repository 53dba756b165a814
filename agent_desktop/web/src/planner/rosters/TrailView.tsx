/** Who changed what in a draft, and what publishing it would change. */

import { Button, Group, Text } from "@mantine/core";
import { useCallback, useState } from "react";
import { api } from "../../shared/api";
import { figure } from "../../shared/format";
import { useLoad } from "../../shared/hooks";
import type { RosterChange, RosterTrailShown } from "../../shared/schema";
import { Failed, Loading, Nothing, Panel } from "../../shared/states";
import { useWords } from "../../shared/words";
import { ChangeTable } from "./ChangeTable";
import type { Plan } from "./problem";
import { when } from "./when";

export function TrailView({ plan, draft, tag }: { plan: Plan; draft: number; tag: string }) {
  const { t, language } = useWords();
  const [open, setOpen] = useState<number | null>(null);
  const trail = useLoad(
    // biome-ignore lint/correctness/useExhaustiveDependencies: the tag is what has changed
    useCallback(() => api.get<RosterTrailShown[]>(`/api/rosters/drafts/${draft}/trail`), [draft, tag]),
  );
  const against = useLoad(
    // biome-ignore lint/correctness/useExhaustiveDependencies: the tag is what has changed
    useCallback(() => api.get<RosterChange[]>(`/api/rosters/drafts/${draft}/against`), [draft, tag]),
  );
  return (
    <div className="trail-grid">
      <Panel label={t("sched.trail")} testid="trail">
        <Text fw={600} size="sm" mb={4}>
          {t("sched.trail")}
        </Text>
        {trail.error ? <Failed error={trail.error} retry={trail.reload} /> : null}
        {!trail.data && !trail.error ? <Loading /> : null}
        {trail.data && !trail.data.length ? <Nothing title={t("sched.trail.none")} /> : null}
        <ul className="trail-list">
          {trail.data?.map((one, n) => (
            <li key={`${one.at} ${one.cost}`}>
              <Group gap={8} justify="space-between" wrap="nowrap">
                <Text size="sm">
                  <b>{one.by}</b> <span className="dim">{when(one.at, plan.zone, language)}</span>{" "}
                  {t(`sched.how.${one.how}`)} · {t("sched.trail.changes", one.changes.length)}
                  {one.note ? ` · ${one.note}` : ""}
                </Text>
                <Group gap={8} wrap="nowrap">
                  <span className="num dim">{figure(one.cost, language)}</span>
                  <Button
                    size="compact-xs"
                    variant="default"
                    aria-expanded={open === n}
                    onClick={() => setOpen(open === n ? null : n)}
                  >
                    {t(open === n ? "sched.less" : "sched.more")}
                  </Button>
                </Group>
              </Group>
              {open === n ? <ChangeTable plan={plan} changes={one.changes} /> : null}
            </li>
          ))}
        </ul>
      </Panel>
      <Panel label={t("sched.against")} testid="against">
        <Text fw={600} size="sm" mb={4}>
          {t("sched.against")} {against.data ? <span className="num dim">{against.data.length}</span> : null}
        </Text>
        {against.error ? <Failed error={against.error} retry={against.reload} /> : null}
        {!against.data && !against.error ? <Loading /> : null}
        {against.data ? (
          against.data.length ? (
            <div className="verdict-list tall">
              <ChangeTable plan={plan} changes={against.data} />
            </div>
          ) : (
            <Nothing title={t("sched.against.none")} />
          )
        ) : null}
      </Panel>
    </div>
  );
}
