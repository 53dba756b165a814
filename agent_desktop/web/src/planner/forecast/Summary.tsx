/** What a forecast comes to, who made it how, whether others go by it. */

import { Badge, Button, Group, Text, TextInput, Tooltip } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import { api } from "../../shared/api";
import { callsWords, percentWords } from "../../shared/format";
import { useCommand } from "../../shared/hooks";
import { tellDone } from "../../shared/notice";
import type { ForecastShown, PublishedShown } from "../../shared/schema";
import { Failed } from "../../shared/states";
import { moment } from "../../shared/time";
import { useWords } from "../../shared/words";
import { Ask } from "../Ask";
import { modelWords } from "../models";
import { usePlanning } from "../planning";
import { ofWords } from "./ForecastSelect";

export function Summary({ forecast, onChanged }: { forecast: ForecastShown; onChanged: () => void }) {
  const { t, language } = useWords();
  const { writes } = usePlanning();
  const [publishing, setPublishing] = useState(false);
  const [note, setNote] = useState("");
  const { run, error, busy, clear } = useCommand();
  const publish = async () => {
    setPublishing(false);
    const done = await run(async () => {
      const made = await api.post<PublishedShown>(`/api/planning/forecasts/${forecast.id}/publish`, { note });
      tellDone(t("plan.publish.done", made.number));
    });
    if (!done) return;
    setNote("");
    onChanged();
  };
  const by = forecast.machine_calls
    ? ((forecast.human_calls - forecast.machine_calls) / forecast.machine_calls) * 100
    : null;
  return (
    <>
      <Group justify="space-between" wrap="nowrap" mb={6} align="flex-start">
        <Group gap="4px 20px">
          <Text fw={600}>{ofWords(forecast, t, language)}</Text>
          {forecast.published ? (
            <Badge variant="light" tt="none" data-testid="published">
              {t("plan.forecast.version", forecast.published)}
            </Badge>
          ) : null}
          <Fact
            label={t("reports.calls")}
            value={callsWords(forecast.human_calls, language)}
            testid="human-calls"
          />
          {forecast.overrides ? (
            <Fact
              label={t("plan.forecast.machine")}
              value={`${callsWords(forecast.machine_calls, language)} (${percentWords(by, language, true)})`}
            />
          ) : null}
          <Fact
            label={t("plan.series.model")}
            value={modelWords(forecast.chosen || forecast.model, t)}
            testid="chosen-model"
          />
          <Tooltip label={t("plan.forecast.knew", moment(forecast.history_to, language))}>
            <Text size="sm" className="dim">
              {t("plan.forecast.made", moment(forecast.at, language), forecast.by)}
            </Text>
          </Tooltip>
        </Group>
        <Group gap="xs" wrap="nowrap">
          <Button
            component="a"
            href={`/api/planning/forecasts/${forecast.id}?format=csv`}
            download
            size="compact-sm"
            variant="subtle"
            color="gray"
            leftSection={<IconDownload size={15} />}
            data-testid="forecast-csv"
          >
            CSV
          </Button>
          {writes && forecast.kind !== "intraday" ? (
            <Button
              size="compact-sm"
              variant={forecast.published ? "default" : "filled"}
              loading={busy}
              onClick={() => setPublishing(true)}
              data-testid="publish"
            >
              {t("plan.publish")}
            </Button>
          ) : null}
        </Group>
      </Group>
      {error ? <Failed error={error} onClose={clear} /> : null}
      {publishing ? (
        <Ask
          title={t("plan.publish.title", ofWords(forecast, t, language))}
          help={t("plan.publish.help")}
          yes={t("plan.publish")}
          onYes={() => void publish()}
          onNo={() => setPublishing(false)}
        >
          <TextInput
            label={t("flows.note")}
            value={note}
            maxLength={512}
            onChange={(event) => setNote(event.currentTarget.value)}
            data-autofocus
            data-testid="publish-note"
          />
        </Ask>
      ) : null}
    </>
  );
}

/** A figure under its name. */
export function Fact({ label, value, testid }: { label: string; value: string; testid?: string }) {
  return (
    <Text size="sm" data-testid={testid}>
      <span className="dim">{label}</span> <b className="num">{value}</b>
    </Text>
  );
}
