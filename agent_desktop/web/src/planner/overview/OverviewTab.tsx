/** Where planning stands: what is due, where forecasts are off, which series there are. */

import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconFileImport, IconPlus } from "@tabler/icons-react";
import { useCallback, useEffect, useRef, useState } from "react";
import { api } from "../../shared/api";
import { dateWords, percentWords } from "../../shared/format";
import { useFresh } from "../../shared/hooks";
import { go } from "../../shared/path";
import type { AlarmShown, SeriesShown } from "../../shared/schema";
import { Failed, Nothing, Panel } from "../../shared/states";
import { useWords } from "../../shared/words";
import { ImportDialog } from "../import/ImportDialog";
import { usePlanning } from "../planning";
import { tabPath } from "../tabs";
import { Deadlines } from "./Deadlines";
import { SeriesForm } from "./SeriesForm";
import { SeriesTable } from "./SeriesTable";
import { Sources } from "./Sources";

const FRESH_MS = 60_000;

export function OverviewTab() {
  const { t } = useWords();
  const { series, writes } = usePlanning();
  const [importing, setImporting] = useState(false);
  const [editing, setEditing] = useState<SeriesShown | "new" | null>(null);
  const some = series.data ?? [];
  // On the way back here findings may have been decided.
  const back = useRef(series.data !== null);
  const reload = series.reload;
  useEffect(() => {
    if (back.current) reload();
  }, [reload]);
  const changed = () => {
    setEditing(null);
    series.reload();
  };
  return (
    <Stack gap="md">
      <Alarms />
      {some.length ? <Deadlines /> : null}
      <Panel testid="plan-list" label={t("plan.series.title")}>
        <Group justify="space-between" mb="xs" wrap="nowrap">
          <Text fw={600}>{t("plan.series.title")}</Text>
          {writes ? (
            <Group gap="xs" wrap="nowrap">
              <Button
                size="compact-sm"
                variant="default"
                leftSection={<IconPlus size={15} />}
                onClick={() => setEditing("new")}
                data-testid="series-new"
              >
                {t("plan.series.new")}
              </Button>
              <Button
                size="compact-sm"
                leftSection={<IconFileImport size={15} />}
                onClick={() => setImporting(true)}
                data-testid="import-open"
              >
                {t("plan.import")}
              </Button>
            </Group>
          ) : null}
        </Group>
        {some.length ? (
          <SeriesTable series={some} onEdit={writes ? setEditing : undefined} />
        ) : (
          <Nothing title={t("plan.series.none")} help={t("plan.series.none.help")} />
        )}
        <Sources onMade={series.reload} />
      </Panel>
      {importing ? <ImportDialog onClose={() => setImporting(false)} /> : null}
      {editing ? (
        <SeriesForm
          series={editing === "new" ? null : editing}
          onClose={() => setEditing(null)}
          onDone={changed}
        />
      ) : null}
    </Stack>
  );
}

/** The series whose forecasts have been off in one direction for long. */
function Alarms() {
  const { t, language } = useWords();
  const { data, error, reload } = useFresh(
    useCallback(() => api.get<AlarmShown[]>("/api/planning/alarms"), []),
    FRESH_MS,
  );
  if (error) return <Failed error={error} retry={reload} />;
  const sounding = data?.filter((one) => one.sounding) ?? [];
  return sounding.map((one) => (
    <Alert
      key={one.series}
      color="orange"
      variant="light"
      py="xs"
      icon={<IconAlertTriangle size={18} />}
      data-testid={`alarm-${one.series}`}
    >
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm">
          {t(
            one.direction === "too_high" ? "plan.alarm.too_high" : "plan.alarm.too_low",
            one.series_name,
            one.since ? dateWords(one.since, language) : "–",
            percentWords(Math.abs(one.mean_error_percent ?? 0), language),
          )}
        </Text>
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => go(tabPath("accuracy", `?series=${encodeURIComponent(one.series)}`))}
        >
          {t("plan.alarm.look")}
        </Button>
      </Group>
    </Alert>
  ));
}
