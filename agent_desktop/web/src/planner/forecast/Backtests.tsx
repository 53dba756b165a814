/** How good each model would have been on this series, which is chosen, and the planner's own choice. */

import { Badge, Button, Group, NumberInput, Select, Table, Text, TextInput } from "@mantine/core";
import { Fragment, useCallback, useState } from "react";
import { api } from "../../shared/api";
import { figure, spanWords } from "../../shared/format";
import { useCommand, useLoad } from "../../shared/hooks";
import { tellDone } from "../../shared/notice";
import type { BacktestShown, SeriesBody, SeriesShown } from "../../shared/schema";
import { Failed, Loading, Nothing, Panel } from "../../shared/states";
import { moment } from "../../shared/time";
import { useWords } from "../../shared/words";
import { isActive } from "../jobs";
import { modelWords } from "../models";
import { usePlanning } from "../planning";
import { isBest, KINDS, readHorizons, rowsOf } from "./backtest";

export function Backtests({ series }: { series: SeriesShown }) {
  const { t, language } = useWords();
  const { done, start, jobs, writes, series: all } = usePlanning();
  const { data, error, reload } = useLoad(
    // biome-ignore lint/correctness/useExhaustiveDependencies: one more has been made
    useCallback(
      () => api.get<BacktestShown[]>(`/api/planning/series/${encodeURIComponent(series.id)}/backtests`),
      [series.id, done.backtest],
    ),
  );
  const [horizons, setHorizons] = useState("1, 5, 20");
  const [origins, setOrigins] = useState<number | "">(20);
  const [step, setStep] = useState<number | "">(1);
  const { run, error: refused, busy, clear } = useCommand();
  const under = jobs.some((job) => job.kind === "backtest" && job.series === series.id && isActive(job));
  const read = readHorizons(horizons);
  const shown = data?.[0];
  const rows = shown ? rowsOf(shown) : [];
  const choose = async (model: string) => {
    const body: SeriesBody = {
      id: series.id,
      name: series.name,
      source: series.source,
      key: series.key,
      interval_min: series.interval_min as SeriesBody["interval_min"],
      zone: series.zone,
      calendar: series.calendar,
      model,
    };
    if (!(await run(() => api.put(`/api/planning/series/${encodeURIComponent(series.id)}`, body)))) return;
    tellDone(t("plan.model.chosen", modelWords(model, t)));
    all.reload();
  };
  return (
    <Panel testid="backtest" label={t("plan.part.backtest")}>
      <Group justify="space-between" align="flex-end" mb="sm" gap="xs">
        {writes ? (
          <form
            onSubmit={(event) => {
              event.preventDefault();
              if (!read) return;
              void run(() =>
                start(`/api/planning/series/${encodeURIComponent(series.id)}/backtests`, {
                  horizons: read,
                  origins: origins || 20,
                  step: step || 1,
                }),
              );
            }}
          >
            <Group gap="xs" align="flex-end">
              <TextInput
                size="xs"
                w={130}
                label={t("plan.backtest.horizons")}
                value={horizons}
                onChange={(event) => setHorizons(event.currentTarget.value)}
                error={!read}
                data-testid="backtest-horizons"
              />
              <NumberInput
                size="xs"
                w={100}
                label={t("plan.backtest.origins")}
                min={2}
                max={200}
                value={origins}
                onChange={(next) => setOrigins(next === "" ? "" : Number(next))}
                data-testid="backtest-origins"
              />
              <NumberInput
                size="xs"
                w={100}
                label={t("plan.backtest.step")}
                min={1}
                max={31}
                value={step}
                onChange={(next) => setStep(next === "" ? "" : Number(next))}
              />
              <Button
                type="submit"
                size="xs"
                loading={busy}
                disabled={under || !read || !series.first}
                data-testid="backtest-run"
              >
                {t("plan.backtest.run")}
              </Button>
            </Group>
          </form>
        ) : (
          <span />
        )}
        <Select
          size="xs"
          w={220}
          label={t("plan.model.use")}
          data={["auto", ...Object.keys(shown?.models ?? {})]
            .concat(series.model)
            .filter((one, n, list) => list.indexOf(one) === n)
            .map((one) => ({ value: one, label: modelWords(one, t) }))}
          value={series.model}
          onChange={(next) => next && next !== series.model && void choose(next)}
          allowDeselect={false}
          disabled={!writes}
          data-testid="model-use"
        />
      </Group>
      {error ? <Failed error={error} retry={reload} /> : null}
      {refused ? <Failed error={refused} onClose={clear} /> : null}
      {!data && !error ? <Loading /> : null}
      {data && !shown ? (
        <Nothing title={t("plan.backtest.none")} help={t("plan.backtest.none.help")} />
      ) : null}
      {shown ? (
        <>
          <Text size="sm" className="dim" mb="xs">
            {t(
              "plan.backtest.of",
              shown.origins,
              spanWords(shown.first, shown.last, language),
              moment(shown.at, language),
              shown.by,
            )}
          </Text>
          <Table.ScrollContainer type="native" minWidth={900}>
            <Table verticalSpacing={5} className="board-table figures backtest">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th rowSpan={2}>{t("plan.series.model")}</Table.Th>
                  {KINDS.map((kind) => (
                    <Table.Th key={kind} colSpan={shown.horizons.length} ta="center" className="group">
                      {t(`plan.backtest.${kind}`)}
                    </Table.Th>
                  ))}
                  <Table.Th rowSpan={2}>{t("plan.backtest.seconds")}</Table.Th>
                </Table.Tr>
                <Table.Tr>
                  {KINDS.map((kind) => (
                    <Fragment key={kind}>
                      {shown.horizons.map((horizon, n) => (
                        <Table.Th key={horizon} className={n ? undefined : "group"} fw={400}>
                          {t("plan.backtest.day", horizon)}
                        </Table.Th>
                      ))}
                    </Fragment>
                  ))}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {rows.map((row) => (
                  <Table.Tr
                    key={row.model}
                    className={row.weight ? "chosen" : undefined}
                    data-testid={`model-${row.model}`}
                  >
                    <Table.Td>
                      {row.model === "auto" ? <b>{modelWords("auto", t)}</b> : modelWords(row.model, t)}{" "}
                      {row.weight ? (
                        <Badge variant="light" tt="none" size="sm">
                          {t("plan.backtest.chosen", figure(row.weight * 100, language))}
                        </Badge>
                      ) : null}
                    </Table.Td>
                    {KINDS.map((kind) => (
                      <Fragment key={kind}>
                        {shown.horizons.map((horizon, n) => (
                          <Table.Td
                            key={horizon}
                            className={n ? undefined : "group"}
                            fw={isBest(rows, row, kind, horizon) ? 700 : undefined}
                          >
                            {figure(
                              row.line[kind][String(horizon)],
                              language,
                              kind === "coverage80" ? 0 : 2,
                              true,
                            )}
                          </Table.Td>
                        ))}
                      </Fragment>
                    ))}
                    <Table.Td>{figure(row.line.seconds_per_fit, language, 3)}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
          {shown.notes.map((note) => (
            <Text key={note} size="sm" className="dim">
              {note}
            </Text>
          ))}
        </>
      ) : null}
    </Panel>
  );
}
