/** Which forecast is to be made: the rest of today, weeks, a month, a year. */

import { Button, Group, NumberInput, SegmentedControl, Select, TextInput } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import { useCallback, useState } from "react";
import { api } from "../../shared/api";
import { nextMonth } from "../../shared/format";
import { useCommand, useLoad } from "../../shared/hooks";
import { useSearch } from "../../shared/path";
import type { BacktestShown, ForecastBody, SeriesShown } from "../../shared/schema";
import { Failed } from "../../shared/states";
import { useWords } from "../../shared/words";
import { isActive } from "../jobs";
import { modelWords } from "../models";
import { usePlanning } from "../planning";

const KINDS = ["intraday", "weeks", "month", "year"] as const;
type Kind = (typeof KINDS)[number];

export function RunForm({ series }: { series: SeriesShown }) {
  const { t } = useWords();
  const { start, jobs, writes, done } = usePlanning();
  const [search, change] = useSearch();
  const kind: Kind = KINDS.find((one) => one === search.get("run")) ?? "weeks";
  const asked = search.get("period") ?? "";
  const today = new Date().toISOString().slice(0, 10);
  const month = /^\d{4}-\d\d$/.test(asked) ? asked : nextMonth(today);
  const year = /^\d{4}$/.test(asked) ? Number(asked) : Number(today.slice(0, 4)) + 1;
  const [weeks, setWeeks] = useState<number | "">(4);
  const [model, setModel] = useState("");
  const { run, error, busy, clear } = useCommand();
  // Which models there are, its last backtest says.
  const { data } = useLoad(
    // biome-ignore lint/correctness/useExhaustiveDependencies: another backtest may know others
    useCallback(
      () => api.get<BacktestShown[]>(`/api/planning/series/${encodeURIComponent(series.id)}/backtests`),
      [series.id, done.backtest],
    ),
  );
  const models = Object.keys(data?.[0]?.models ?? {});
  const under = jobs.some((job) => job.kind === "forecast" && job.series === series.id && isActive(job));
  if (!writes) return <span />;
  const ask = () => {
    const body: ForecastBody = {
      kind,
      days: (weeks || 4) * 7,
      period: kind === "month" ? month : kind === "year" ? String(year) : "",
      model,
      carry: true,
      note: "",
    };
    void run(() => start(`/api/planning/series/${encodeURIComponent(series.id)}/forecasts`, body));
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        ask();
      }}
    >
      <Group gap="xs" align="flex-end" wrap="nowrap">
        <SegmentedControl
          data={KINDS.map((one) => ({ value: one, label: t(`plan.run.${one}`) }))}
          value={kind}
          onChange={(next) => change({ run: next === "weeks" ? "" : next, period: "" })}
          aria-label={t("plan.forecast.make")}
          data-testid="run-kind"
        />
        {kind === "weeks" ? (
          <NumberInput
            w={104}
            aria-label={t("plan.run.weeks")}
            suffix={t("plan.run.weeks.unit")}
            min={1}
            max={57}
            value={weeks}
            onChange={(next) => setWeeks(next === "" ? "" : Number(next))}
            data-testid="run-weeks"
          />
        ) : null}
        {kind === "month" ? (
          <TextInput
            w={160}
            type="month"
            aria-label={t("plan.run.month")}
            value={month}
            onChange={(event) => change({ period: event.currentTarget.value })}
            data-testid="run-month"
          />
        ) : null}
        {kind === "year" ? (
          <NumberInput
            w={104}
            aria-label={t("plan.run.year")}
            min={2000}
            max={2100}
            thousandSeparator=""
            value={year}
            onChange={(next) => change({ period: String(next) })}
            data-testid="run-year"
          />
        ) : null}
        {models.length ? (
          <Select
            w={170}
            aria-label={t("plan.series.model")}
            data={[
              { value: "", label: t("plan.run.own", modelWords(series.model, t)) },
              ...models.map((one) => ({ value: one, label: modelWords(one, t) })),
            ]}
            value={model}
            onChange={(next) => setModel(next ?? "")}
            allowDeselect={false}
            data-testid="run-model"
          />
        ) : null}
        <Button
          type="submit"
          leftSection={<IconPlayerPlay size={16} />}
          loading={busy}
          disabled={under || !series.first}
          data-testid="run"
        >
          {t("plan.run")}
        </Button>
      </Group>
      {error ? <Failed error={error} onClose={clear} /> : null}
    </form>
  );
}
