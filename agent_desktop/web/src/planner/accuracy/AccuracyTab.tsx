/** How good the forecasts were that people went by, and whether they are off in one direction for long. */

import { Alert, Group, SegmentedControl, Stack, Table, Text, TextInput } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react";
import { useCallback, useMemo, useState } from "react";
import { api } from "../../shared/api";
import { addDays, callsWords, column, dateWords, figure, percentWords } from "../../shared/format";
import { useLoad } from "../../shared/hooks";
import { useSearch } from "../../shared/path";
import { Curve } from "../../shared/plot/Curve";
import type { Layer } from "../../shared/plot/layers";
import { Plot } from "../../shared/plot/Plot";
import { Readout } from "../../shared/plot/Readout";
import { momentText, viewText } from "../../shared/plot/timeTicks";
import { useView } from "../../shared/plot/useView";
import { DAY, dayNumber, minuteText } from "../../shared/plot/zone";
import type { AccuracyFigures, AccuracyShown, AlarmShown, SeriesShown } from "../../shared/schema";
import { Failed, Loading, Nothing, Panel } from "../../shared/states";
import { useWords } from "../../shared/words";
import { useClock } from "../planning";

const SIDES = ["human", "machine", "published"] as const;
const DAYS = 90;

export function AccuracyTab({ series }: { series: SeriesShown }) {
  const { t } = useWords();
  const [search, change] = useSearch();
  const of = SIDES.find((one) => one === search.get("of")) ?? "human";
  const to = search.get("ato") || series.last || new Date().toISOString().slice(0, 10);
  const from = search.get("afrom") || addDays(to, -DAYS + 1);
  const { data, error, reload } = useLoad(
    useCallback(
      () =>
        api.get<AccuracyShown>(
          `/api/planning/series/${encodeURIComponent(series.id)}/accuracy?of=${of}&from=${from}&to=${to}`,
        ),
      [series.id, of, from, to],
    ),
  );
  return (
    <Stack gap="sm" data-testid="accuracy">
      <Group justify="space-between">
        <SegmentedControl
          size="sm"
          data={SIDES.map((one) => ({ value: one, label: t(`plan.of.${one}`) }))}
          value={of}
          onChange={(next) => change({ of: next === "human" ? "" : next })}
          aria-label={t("plan.of")}
          data-testid="accuracy-of"
        />
        <Group gap="xs">
          <TextInput
            type="date"
            aria-label={t("history.from")}
            max={to}
            value={from}
            onChange={(event) => change({ afrom: event.currentTarget.value })}
            data-testid="accuracy-from"
          />
          <span className="dim" aria-hidden>
            –
          </span>
          <TextInput
            type="date"
            aria-label={t("history.to")}
            min={from}
            value={to}
            onChange={(event) => change({ ato: event.currentTarget.value })}
          />
        </Group>
      </Group>
      {error ? <Failed error={error} retry={reload} /> : null}
      {!data && !error ? <Loading /> : null}
      {data && !data.by_day.length ? (
        <Panel>
          <Nothing title={t("plan.accuracy.none")} help={t("plan.accuracy.none.help")} />
        </Panel>
      ) : null}
      {data?.by_day.length ? (
        <>
          <Alarm alarm={data.alarm} />
          <Panel testid="accuracy-figures" label={t("plan.tab.accuracy")}>
            <Figures shown={data} />
          </Panel>
          <Days shown={data} zone={series.zone} />
          <div className="accuracy-below">
            <Horizons shown={data} />
            <Slots shown={data} interval={series.interval_min} />
          </div>
        </>
      ) : null}
    </Stack>
  );
}

function Alarm({ alarm }: { alarm: AlarmShown }) {
  const { t, language } = useWords();
  if (!alarm.sounding)
    return (
      <Group gap={6} data-testid="alarm" data-sounding="false">
        <IconCircleCheck size={17} color="var(--mantine-color-teal-6)" aria-hidden />
        <Text size="sm">{t("plan.alarm.quiet")}</Text>
      </Group>
    );
  return (
    <Alert
      color="orange"
      variant="light"
      icon={<IconAlertTriangle size={18} />}
      py="xs"
      data-testid="alarm"
      data-sounding="true"
    >
      <Text size="sm" fw={600}>
        {t(
          alarm.direction === "too_high" ? "plan.alarm.too_high" : "plan.alarm.too_low",
          alarm.series_name,
          alarm.since ? dateWords(alarm.since, language) : "–",
          percentWords(Math.abs(alarm.mean_error_percent ?? 0), language),
        )}
      </Text>
      <Text size="sm">
        {t("plan.alarm.rule", figure(alarm.signal, language, 1), figure(alarm.limit, language, 1))}
      </Text>
    </Alert>
  );
}

function Figures({ shown }: { shown: AccuracyShown }) {
  const { t, language } = useWords();
  const rows: [string, AccuracyFigures | null, boolean][] = [
    [t("plan.accuracy.interval"), shown.interval, true],
    [t("plan.accuracy.daily"), shown.daily, true],
    [t("plan.accuracy.monthly"), shown.monthly, true],
    [t("plan.measure.aht_s"), shown.aht, false],
  ];
  return (
    <Table verticalSpacing={5} className="board-table figures">
      <Table.Thead>
        <Table.Tr>
          <Table.Th />
          <Table.Th>WAPE</Table.Th>
          <Table.Th>MASE</Table.Th>
          <Table.Th>{t("plan.error.bias")}</Table.Th>
          <Table.Th>{t("plan.accuracy.coverage", 80)}</Table.Th>
          <Table.Th>{t("plan.accuracy.coverage", 95)}</Table.Th>
          <Table.Th>{t("plan.accuracy.pinball")}</Table.Th>
          <Table.Th>{t("plan.accuracy.count")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows
          .filter(([, one]) => one !== null && one.count > 0)
          .map(([name, one, calls]) => (
            <Table.Tr key={name}>
              <Table.Th scope="row">{name}</Table.Th>
              <Table.Td fw={600}>{percentWords(one?.wape, language)}</Table.Td>
              <Table.Td>{figure(one?.mase, language, 2)}</Table.Td>
              <Table.Td>{percentWords(one?.bias, language, true)}</Table.Td>
              <Table.Td>{calls ? percentWords(one?.coverage80, language) : ""}</Table.Td>
              <Table.Td>{calls ? percentWords(one?.coverage95, language) : ""}</Table.Td>
              <Table.Td>{calls ? figure(one?.pinball, language, 2) : ""}</Table.Td>
              <Table.Td className="dim">{figure(one?.count, language)}</Table.Td>
            </Table.Tr>
          ))}
      </Table.Tbody>
    </Table>
  );
}

function Days({ shown, zone }: { shown: AccuracyShown; zone: string }) {
  const { t, language } = useWords();
  const clock = useClock(zone);
  const [cursor, setCursor] = useState<number | null>(null);
  const times = useMemo(
    () => Float64Array.from(shown.by_day, (one) => clock.start(dayNumber(one.day))),
    [shown.by_day, clock],
  );
  const limits = useMemo(
    () => ({ from: times[0] ?? 0, to: (times.at(-1) ?? 0) + DAY, least: 7 * DAY }),
    [times],
  );
  const [view, move] = useView("aview", limits, limits, clock);
  const calls = useMemo<Layer[]>(
    () => [
      {
        kind: "line",
        name: "forecast",
        color: "var(--cf-plot-forecast)",
        values: Float64Array.from(shown.by_day, (one) => one.forecast),
      },
      {
        kind: "line",
        name: "actual",
        color: "var(--cf-plot-line)",
        values: Float64Array.from(shown.by_day, (one) => one.calls),
      },
    ],
    [shown.by_day],
  );
  const signals = useMemo<Layer[]>(() => {
    const limit = new Float64Array(times.length).fill(shown.alarm.limit);
    return [
      { kind: "line", name: "limit", color: "var(--cf-late)", values: limit, dash: [5, 4], width: 1 },
      {
        kind: "line",
        name: "too_high",
        color: "var(--cf-plot-mark)",
        values: column(shown.too_high, times.length),
      },
      {
        kind: "line",
        name: "too_low",
        color: "var(--cf-plot-human)",
        values: column(shown.too_low, times.length),
      },
    ];
  }, [shown, times.length]);
  const here = cursor !== null && cursor < times.length ? cursor : null;
  const day = here === null ? undefined : shown.by_day[here];
  const at = (n: number) => momentText(times[n] ?? 0, clock, language, false);
  const common = {
    clock,
    locale: language,
    interval: DAY,
    times,
    view,
    onMove: move,
    cursor: here,
    onCursor: setCursor,
  };
  const signal = (values: readonly (number | null)[]) =>
    here === null ? undefined : figure(values[here], language, 1);
  return (
    <Panel testid="accuracy-days" label={t("plan.accuracy.by_day")}>
      <Text fw={600}>{t("plan.accuracy.by_day")}</Text>
      <Readout
        at={here === null ? viewText(view, clock, language) : at(here)}
        readings={[
          {
            name: t("plan.line.actual"),
            color: "var(--cf-plot-line)",
            value: day ? callsWords(day.calls, language) : undefined,
          },
          {
            name: t("plan.line.forecast"),
            color: "var(--cf-plot-forecast)",
            value: day
              ? `${callsWords(day.forecast, language)} (${percentWords(day.bias, language, true)})`
              : undefined,
          },
        ]}
      />
      <Plot
        {...common}
        label={t("plan.accuracy.by_day")}
        layers={calls}
        said={(n) =>
          `${at(n)}: ${t("plan.line.actual")} ${callsWords(shown.by_day[n]?.calls, language)}, ${t("plan.line.forecast")} ${callsWords(shown.by_day[n]?.forecast, language)}`
        }
        format={(value) => figure(value, language)}
        height={210}
        testid="accuracy-plot"
      />
      <Text fw={600} mt="sm">
        {t("plan.accuracy.signal")}
      </Text>
      <Text size="xs" className="dim">
        {t("plan.accuracy.signal.help")}
      </Text>
      <Readout
        at={here === null ? viewText(view, clock, language) : at(here)}
        readings={[
          { name: t("plan.accuracy.too_high"), color: "var(--cf-plot-mark)", value: signal(shown.too_high) },
          { name: t("plan.accuracy.too_low"), color: "var(--cf-plot-human)", value: signal(shown.too_low) },
          { name: t("plan.accuracy.limit"), color: "var(--cf-late)", look: "dash" },
        ]}
      />
      <Plot
        {...common}
        label={t("plan.accuracy.signal")}
        layers={signals}
        said={(n) =>
          `${at(n)}: ${t("plan.accuracy.too_high")} ${figure(shown.too_high[n], language, 1)}, ${t("plan.accuracy.too_low")} ${figure(shown.too_low[n], language, 1)}`
        }
        format={(value) => figure(value, language, 1)}
        height={130}
        testid="signal-plot"
      />
    </Panel>
  );
}

function Horizons({ shown }: { shown: AccuracyShown }) {
  const { t, language } = useWords();
  return (
    <Panel testid="accuracy-horizons" label={t("plan.accuracy.by_horizon")}>
      <Text fw={600} mb="xs">
        {t("plan.accuracy.by_horizon")}
      </Text>
      <Table verticalSpacing={4} className="board-table figures">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("plan.accuracy.ahead")}</Table.Th>
            <Table.Th>WAPE</Table.Th>
            <Table.Th>MASE</Table.Th>
            <Table.Th>{t("plan.error.bias")}</Table.Th>
            <Table.Th>{t("plan.accuracy.coverage", 80)}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {shown.by_horizon.map((one) => (
            <Table.Tr key={one.from_day}>
              <Table.Td>
                {one.from_day === one.to_day
                  ? t("plan.backtest.day", one.from_day)
                  : t("plan.backtest.day", `${one.from_day}–${one.to_day}`)}
              </Table.Td>
              <Table.Td fw={600}>{percentWords(one.wape, language)}</Table.Td>
              <Table.Td>{figure(one.mase, language, 2)}</Table.Td>
              <Table.Td>{percentWords(one.bias, language, true)}</Table.Td>
              <Table.Td>{percentWords(one.coverage80, language)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Panel>
  );
}

function Slots({ shown, interval }: { shown: AccuracyShown; interval: number }) {
  const { t, language } = useWords();
  const [cursor, setCursor] = useState<number | null>(null);
  const slots = shown.by_slot.filter((one) => one.calls > 0);
  const xs = slots.map((one) => one.slot);
  const lines = [
    { name: "WAPE", color: "var(--cf-plot-forecast)", values: slots.map((one) => one.wape) },
    {
      name: t("plan.error.bias"),
      color: "var(--cf-plot-mark)",
      values: slots.map((one) => one.bias),
      dash: "4 3",
    },
  ];
  const here = cursor !== null && cursor < slots.length ? cursor : null;
  const at = (n: number) => `${minuteText(xs[n] ?? 0)}–${minuteText((xs[n] ?? 0) + interval)}`;
  return (
    <Panel testid="accuracy-slots" label={t("plan.accuracy.by_slot")}>
      <Text fw={600}>{t("plan.accuracy.by_slot")}</Text>
      <Readout
        at={here === null ? "" : at(here)}
        readings={lines.map((line) => ({
          name: line.name,
          color: line.color,
          look: line.dash ? ("dash" as const) : ("line" as const),
          value: here === null ? undefined : percentWords(line.values[here], language, Boolean(line.dash)),
        }))}
      />
      {slots.length ? (
        <Curve
          label={t("plan.accuracy.by_slot")}
          xs={xs}
          lines={lines}
          xText={(x) => minuteText(x)}
          ticks={xs.filter((one) => one % (xs.length * interval > 600 ? 120 : 60) === 0)}
          yText={(y) => `${figure(y, language)}%`}
          cursor={here}
          onCursor={setCursor}
          said={(n) =>
            `${at(n)}: WAPE ${percentWords(slots[n]?.wape, language)}, ${t("plan.error.bias")} ${percentWords(slots[n]?.bias, language, true)}`
          }
          height={200}
          testid="slots-curve"
        />
      ) : (
        <Nothing title={t("plan.accuracy.none")} />
      )}
    </Panel>
  );
}
