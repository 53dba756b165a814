/** An override being written; what it would do is drawn into the forecast above before it is kept. */

import {
  Button,
  Group,
  NumberInput,
  SegmentedControl,
  Select,
  Stack,
  Switch,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { type FormEvent, useEffect, useMemo, useState } from "react";
import { api, Problem } from "../../shared/api";
import { callsWords, secondsWords } from "../../shared/format";
import { useCommand } from "../../shared/hooks";
import { tellDone } from "../../shared/notice";
import { dayText, type ZoneClock } from "../../shared/plot/zone";
import type { ForecastShown, HistoryShown, OverrideShown, PreviewShown } from "../../shared/schema";
import { Failed, Panel } from "../../shared/states";
import { useWords } from "../../shared/words";
import { useClock } from "../planning";
import { blankDraft, bodyOf, type Draft, readMinute, readShape } from "./overrides";

interface Props {
  forecast: ForecastShown;
  onMade: () => void;
  onPreview: (preview: PreviewShown | null) => void;
}

const today = (clock: ZoneClock) => dayText(clock.day(Date.now()));

/** Typing pauses so long before it is looked what it would do, in ms. */
const QUIET_MS = 350;

export function OverrideForm({ forecast, onMade, onPreview }: Props) {
  const { t, language } = useWords();
  const clock = useClock(forecast.zone);
  const [draft, setDraft] = useState<Draft>(() => blankDraft(forecast, today(clock)));
  const [like, setLike] = useState("");
  const [missing, setMissing] = useState(false);
  const { run, error, busy, clear } = useCommand();
  const change = (part: Partial<Draft>) => setDraft((was) => ({ ...was, ...part }));
  const body = useMemo(() => bodyOf(draft), [draft]);
  const text = body ? JSON.stringify({ ...body, reason: "-" }) : "";
  const [asked] = useDebouncedValue(text, QUIET_MS);
  const [preview, setPreview] = useState<PreviewShown | null>(null);
  const [unseen, setUnseen] = useState<unknown>(null);

  useEffect(() => {
    let current = true;
    setUnseen(null);
    if (!asked) {
      setPreview(null);
      onPreview(null);
      return;
    }
    api
      .post<PreviewShown>(`/api/planning/forecasts/${forecast.id}/overrides/preview`, JSON.parse(asked))
      .then(
        (seen) => {
          if (!current) return;
          setPreview(seen);
          onPreview(seen);
        },
        (problem: unknown) => {
          if (!current) return;
          setPreview(null);
          onPreview(null);
          setUnseen(problem);
        },
      );
    return () => {
      current = false;
    };
  }, [asked, forecast.id, onPreview]);
  // What is only being written is not there on other pages.
  useEffect(() => () => onPreview(null), [onPreview]);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setMissing(true);
    if (!body?.reason) return;
    if (!(await run(() => api.post<OverrideShown>(`/api/planning/forecasts/${forecast.id}/overrides`, body))))
      return;
    tellDone(t("plan.override.done"));
    setDraft((was) => ({
      ...blankDraft(forecast, today(clock)),
      measure: was.measure,
      how: was.how,
      first: was.first,
      last: was.last,
    }));
    setMissing(false);
    onMade();
  };
  /** The weights of a day that was, from the history. */
  const takeShape = async (day: string) => {
    setLike(day);
    if (!/^\d{4}-\d\d-\d\d$/.test(day)) return;
    await run(async () => {
      const shown = await api.get<HistoryShown>(
        `/api/planning/series/${encodeURIComponent(forecast.series)}/history?from=${day}&to=${day}&by=${
          forecast.interval_min === 60 ? "hour" : "interval"
        }`,
      );
      const from = readMinute(draft.from || "0:00") ?? 0;
      const to = readMinute(draft.to || "24:00") ?? 1440;
      const weights = shown.starts.flatMap((at, n) => {
        const minute = clock.minute(at);
        return minute >= from && minute < to ? [Math.round((shown.cleaned[n] ?? 0) * 10) / 10] : [];
      });
      if (!weights.some((one) => one > 0)) throw new Problem(400, "", t("plan.override.like.none"));
      change({ shape: weights.join(" ") });
    });
  };
  const calls = draft.measure === "calls" || draft.how === "shape";
  const said = (value: number | null) =>
    calls ? callsWords(value, language) : secondsWords(value, language, (n) => t("unit.s.of", n));
  const badTime = (time: string) => (time && readMinute(time) === null ? t("fault.span") : undefined);
  return (
    <Panel testid="override-form" label={t("plan.override.new")}>
      <form onSubmit={submit} noValidate>
        <Stack gap="xs">
          <Text fw={600}>{t("plan.override.new")}</Text>
          <SegmentedControl
            size="xs"
            fullWidth
            data={(["percent", "amount", "shape"] as const).map((one) => ({
              value: one,
              label: t(`plan.override.how.${one}`),
            }))}
            value={draft.how}
            onChange={(next) => change({ how: next as Draft["how"] })}
            aria-label={t("plan.override.what")}
            data-testid="override-how"
          />
          {draft.how === "shape" ? (
            <>
              <TextInput
                size="xs"
                type="date"
                label={t("plan.override.like")}
                value={like}
                onChange={(event) => void takeShape(event.currentTarget.value)}
                data-testid="override-like"
              />
              <Textarea
                size="xs"
                label={t("plan.override.weights")}
                description={t("plan.override.weights.help")}
                autosize
                minRows={2}
                maxRows={4}
                value={draft.shape}
                onChange={(event) => change({ shape: event.currentTarget.value })}
                error={draft.shape && !readShape(draft.shape) ? t("fault.number") : undefined}
                data-testid="override-shape"
              />
            </>
          ) : (
            <Group grow gap="xs" align="flex-end">
              <NumberInput
                size="xs"
                label={t(`plan.override.value.${draft.how}`)}
                suffix={draft.how === "percent" ? " %" : ""}
                value={draft.value}
                onChange={(next) => change({ value: next === "" || next === "-" ? "" : Number(next) })}
                data-testid="override-value"
              />
              <Select
                size="xs"
                label={t("plan.override.of")}
                data={[
                  { value: "calls", label: t("plan.measure.calls") },
                  { value: "aht_s", label: t("plan.measure.aht_s") },
                ]}
                value={draft.measure}
                onChange={(next) => change({ measure: (next ?? "calls") as Draft["measure"] })}
                allowDeselect={false}
                data-testid="override-measure"
              />
            </Group>
          )}
          <Group grow gap="xs">
            <TextInput
              size="xs"
              type="date"
              label={t("plan.first")}
              min={forecast.first}
              max={forecast.last}
              value={draft.first}
              onChange={(event) => {
                const first = event.currentTarget.value;
                change(first > draft.last ? { first, last: first } : { first });
              }}
              data-testid="override-first"
            />
            <TextInput
              size="xs"
              type="date"
              label={t("plan.last")}
              min={draft.first}
              max={forecast.last}
              value={draft.last}
              onChange={(event) => change({ last: event.currentTarget.value })}
              data-testid="override-last"
            />
          </Group>
          {forecast.interval_min < 1440 ? (
            <Group grow gap="xs" align="flex-start">
              <TextInput
                size="xs"
                label={t("plan.override.from")}
                placeholder="00:00"
                value={draft.from}
                onChange={(event) => change({ from: event.currentTarget.value })}
                error={badTime(draft.from)}
                data-testid="override-from"
              />
              <TextInput
                size="xs"
                label={t("plan.override.to")}
                placeholder="24:00"
                value={draft.to}
                onChange={(event) => change({ to: event.currentTarget.value })}
                error={badTime(draft.to)}
                data-testid="override-to"
              />
            </Group>
          ) : null}
          <Switch
            size="xs"
            label={t("plan.override.weekly.help")}
            checked={draft.weekly}
            onChange={(event) => change({ weekly: event.currentTarget.checked })}
          />
          <TextInput
            size="xs"
            label={t("plan.override.reason")}
            placeholder={t("plan.override.reason.example")}
            maxLength={128}
            value={draft.reason}
            onChange={(event) => change({ reason: event.currentTarget.value })}
            error={missing && !draft.reason.trim() ? t("plan.override.reason.missing") : undefined}
            data-testid="override-reason"
          />
          <Group justify="space-between" mih={30} wrap="nowrap">
            <Text size="sm" className="num" role="status" data-testid="override-preview">
              {preview ? (
                <>
                  {said(preview.before)} → <b>{said(preview.after)}</b>
                </>
              ) : (
                ""
              )}
            </Text>
            <Button type="submit" size="xs" loading={busy} disabled={!body} data-testid="override-save">
              {t("plan.override.keep")}
            </Button>
          </Group>
          {unseen ? <Failed error={unseen} /> : null}
          {error ? <Failed error={error} onClose={clear} /> : null}
        </Stack>
      </form>
    </Panel>
  );
}
