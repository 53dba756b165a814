/** What the platform counts and nobody plans for yet: a click makes a series of it. */

import { Button, Group, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useCallback } from "react";
import { api } from "../../shared/api";
import { useCommand, useLoad } from "../../shared/hooks";
import { tellDone } from "../../shared/notice";
import type { SeriesShown, SourceShown } from "../../shared/schema";
import { Failed } from "../../shared/states";
import { useWords } from "../../shared/words";
import { usePlanning } from "../planning";

/** What the platform counts by. */
const INTERVAL_MIN = 15;

export function Sources({ onMade }: { onMade: () => void }) {
  const { t } = useWords();
  const { writes } = usePlanning();
  const { data, error, reload } = useLoad(
    useCallback(() => api.get<SourceShown[]>("/api/planning/sources"), []),
  );
  const { run, error: refused, busy, clear } = useCommand();
  const free = data?.filter((one) => one.series === null) ?? [];
  const plan = async (one: SourceShown) => {
    const made = await run(() =>
      api.post<SeriesShown>("/api/planning/series", {
        name: one.name,
        source: one.source,
        key: one.key,
        interval_min: INTERVAL_MIN,
        zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      }),
    );
    if (!made) return;
    tellDone(t("plan.series.made", one.name));
    reload();
    onMade();
  };
  if (error) return <Failed error={error} retry={reload} />;
  if (!free.length || !writes) return null;
  return (
    <Group gap="xs" mt="sm" data-testid="sources">
      <Text size="sm" className="dim">
        {t("plan.sources")}
      </Text>
      {free.map((one) => (
        <Button
          key={`${one.source} ${one.key}`}
          size="compact-sm"
          variant="default"
          leftSection={<IconPlus size={14} />}
          disabled={busy}
          onClick={() => void plan(one)}
          data-testid={`source-${one.key}`}
        >
          {one.name}
        </Button>
      ))}
      {refused ? <Failed error={refused} onClose={clear} /> : null}
    </Group>
  );
}
