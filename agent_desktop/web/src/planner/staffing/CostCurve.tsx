/** What one more person buys: service level, abandonment and occupancy by the number at the telephones. */

import { Group, NumberInput, Stack, Table, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useCallback, useEffect, useMemo, useState } from "react";
import { api } from "../../shared/api";
import { figure, secondsWords, shareWords } from "../../shared/format";
import { useLoad } from "../../shared/hooks";
import { useSearch } from "../../shared/path";
import { Curve, type CurveLine } from "../../shared/plot/Curve";
import { nearest } from "../../shared/plot/columns";
import { Readout } from "../../shared/plot/Readout";
import { momentText } from "../../shared/plot/timeTicks";
import type { CaseShown, CurveShown, ForecastShown, RequirementColumns } from "../../shared/schema";
import { Failed, Loading, Nothing, Panel } from "../../shared/states";
import { useWords, type Word } from "../../shared/words";
import { useClock } from "../planning";
import type { Typed } from "./asked";
import { pickedOf } from "./picked";

interface Props {
  forecast: ForecastShown;
  /** The interval that is picked of it is looked at; without one, figures by hand. */
  required: RequirementColumns | null;
  /** One is on its way: nothing is shown of other figures meanwhile. */
  waiting: boolean;
}

interface Case {
  calls: Typed;
  per_min: Typed;
  aht_s: Typed;
  patience_s: Typed;
  within_s: Typed;
}

const BY_HAND: Case = { calls: 100, per_min: 30, aht_s: 180, patience_s: 180, within_s: 20 };
const QUIET_MS = 300;

export function CostCurve({ forecast, required, waiting }: Props) {
  const { t, language } = useWords();
  const clock = useClock(forecast.zone);
  const [search] = useSearch();
  const at = required ? pickedOf(required, search.get("at")) : -1;
  const start = required?.starts[at];
  const given = useMemo<Case>(
    () =>
      required && at >= 0
        ? {
            calls: Math.round((required.calls[at] ?? 0) * 10) / 10,
            per_min: required.interval_min,
            aht_s: Math.round((required.aht_s[at] ?? 180) * 10) / 10,
            patience_s: required.asked.patience_s ?? "",
            within_s: required.asked.target?.within_s ?? 20,
          }
        : BY_HAND,
    [required, at],
  );
  const [typed, setTyped] = useState<Partial<Case>>({});
  // Another interval has its own figures.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => setTyped({}), [given]);
  const one = { ...given, ...typed };
  const current =
    !waiting && one.calls !== "" && one.per_min && one.aht_s
      ? JSON.stringify({
          calls: one.calls,
          per_min: one.per_min,
          aht_s: one.aht_s,
          patience_s: one.patience_s || null,
          within_s: one.within_s || 0,
        })
      : "";
  const [asked] = useDebouncedValue(current, QUIET_MS);
  const {
    data: answer,
    error,
    loading,
    reload,
  } = useLoad(
    useCallback(
      () =>
        asked
          ? api.post<CurveShown>("/api/planning/staffing/curve", JSON.parse(asked))
          : Promise.resolve(null),
      [asked],
    ),
  );
  const data = asked ? answer : null;
  /** What stands there is of figures that have changed since. */
  const stale = asked !== current || loading;
  const [cursor, setCursor] = useState<number | null>(null);
  const [chosen, setChosen] = useState<number | null>(null);
  const own = Object.keys(typed).length > 0;
  const wanted = !own && required && at >= 0 ? required.agents[at] : undefined;
  const mark = data
    ? (chosen ?? (wanted === undefined ? firstGood(data) : nearest(data.agents, wanted)))
    : null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another case has another requirement
  useEffect(() => setChosen(null), [asked]);
  const lines: CurveLine[] = data
    ? [
        {
          name: t("board.occupancy"),
          color: "var(--cf-plot-raw)",
          values: percent(data.occupancy),
          dash: "3 3",
        },
        { name: t("reports.abandonment"), color: "var(--cf-plot-mark)", values: percent(data.abandonment) },
        { name: t("board.service"), color: "var(--cf-plot-forecast)", values: percent(data.service_level) },
      ]
    : [];
  const here = data && cursor !== null && cursor < data.agents.length ? cursor : null;
  const shown = here ?? mark ?? 0;
  const said = (n: number) =>
    data
      ? `${t("plan.curve.people", data.agents[n] ?? 0)}: ${t("board.service")} ${shareWords(data.service_level[n], language)}, ${t("reports.abandonment")} ${shareWords(data.abandonment[n], language)}, ${t("board.occupancy")} ${shareWords(data.occupancy[n], language)}, ${t("board.asa")} ${secondsWords(data.asa_s[n], language, (s) => t("unit.s.of", s))}`
      : "";
  const number = (name: keyof Case, word: Word, unit: string, placeholder?: string) => (
    <NumberInput
      size="xs"
      w={118}
      label={t(word)}
      suffix={unit ? ` ${unit}` : undefined}
      min={0}
      hideControls
      placeholder={placeholder}
      value={one[name]}
      onChange={(next) => setTyped((was) => ({ ...was, [name]: next === "" ? "" : Number(next) }))}
      data-testid={`curve-${name}`}
    />
  );
  return (
    <Panel testid="cost-curve" label={t("plan.curve")}>
      <Group justify="space-between" align="flex-end" mb="xs" gap="xs">
        <div>
          <Text fw={600}>{t("plan.curve")}</Text>
          <Text size="sm" className="dim" data-testid="curve-of">
            {start !== undefined && !own
              ? t("plan.curve.of", momentText(start, clock, language, true))
              : t("plan.curve.by_hand")}
          </Text>
        </div>
        <Group gap="xs" align="flex-end">
          {number("calls", "reports.calls", "")}
          {number("per_min", "plan.curve.per", t("unit.min"))}
          {number("aht_s", "board.aht", t("unit.s"))}
          {number("patience_s", "plan.staff.patience", t("unit.s"), t("plan.staff.endless"))}
          {number("within_s", "plan.staff.within", t("unit.s"))}
        </Group>
      </Group>
      {error ? <Failed error={error} retry={reload} /> : null}
      {!data && !error && (asked || waiting) ? <Loading /> : null}
      {data && !data.agents.length ? <Nothing title={t("plan.curve.none")} /> : null}
      {data?.agents.length ? (
        <div className="curve-grid" data-stale={stale || undefined} aria-busy={stale}>
          <div>
            <Readout
              at={t("plan.curve.people", data.agents[shown] ?? 0)}
              readings={[...lines].reverse().map((line) => ({
                name: line.name,
                color: line.color,
                look: line.dash ? ("dash" as const) : ("line" as const),
                value: shareWords(
                  line.values[shown] == null ? null : (line.values[shown] as number) / 100,
                  language,
                ),
              }))}
            />
            <Curve
              label={t("plan.curve")}
              xs={data.agents}
              lines={lines}
              xText={(x) => figure(x, language)}
              yText={(y) => `${figure(y, language)}%`}
              least={100}
              most={100}
              mark={mark}
              level={required?.asked.target?.service_level ? required.asked.target.service_level * 100 : null}
              cursor={here}
              onCursor={setCursor}
              said={said}
              onPick={setChosen}
              testid="curve"
            />
          </div>
          <Around curve={data} at={shown} asked={asked} mark={mark ?? 0} />
        </div>
      ) : null}
    </Panel>
  );
}

const percent = (values: readonly (number | null)[]) =>
  values.map((one) => (one === null ? null : one * 100));

/** The least number with four of five in time, where nobody has said what is wanted. */
function firstGood(curve: CurveShown): number {
  const found = curve.service_level.findIndex((one) => one !== null && one >= 0.8);
  return found < 0 ? curve.agents.length - 1 : found;
}

interface AroundProps {
  curve: CurveShown;
  at: number;
  asked: string;
  mark: number;
}

/** One fewer, so many, one more: in figures. */
function Around({ curve, at, asked, mark }: AroundProps) {
  const { t, language } = useWords();
  const agents = curve.agents[at] ?? 0;
  const [calm] = useDebouncedValue(agents, QUIET_MS);
  const { data } = useLoad(
    useCallback(
      () =>
        asked
          ? api.post<CaseShown>("/api/planning/staffing/case", { ...JSON.parse(asked), agents: calm })
          : Promise.resolve(null),
      [asked, calm],
    ),
  );
  const seconds = (value: number | null | undefined) =>
    secondsWords(value, language, (n) => t("unit.s.of", n));
  const columns = [at - 1, at, at + 1].filter((n) => n >= 0 && n < curve.agents.length);
  const rows: [string, (n: number) => string][] = [
    [t("board.service"), (n) => shareWords(curve.service_level[n], language)],
    [t("reports.abandonment"), (n) => shareWords(curve.abandonment[n], language)],
    [t("board.asa"), (n) => seconds(curve.asa_s[n])],
    [t("board.occupancy"), (n) => shareWords(curve.occupancy[n], language)],
  ];
  const sure = data && data.agents === agents ? data : null;
  return (
    <Stack gap={6}>
      <Table verticalSpacing={3} className="figures around" data-testid="curve-around">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("plan.curve.agents")}</Table.Th>
            {columns.map((n) => (
              <Table.Th key={n} className={n === mark ? "chosen" : undefined}>
                {curve.agents[n]}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(([name, value]) => (
            <Table.Tr key={name}>
              <Table.Th scope="row" fw={400}>
                {name}
              </Table.Th>
              {columns.map((n) => (
                <Table.Td
                  key={n}
                  className={n === mark ? "chosen" : undefined}
                  fw={n === at ? 600 : undefined}
                >
                  {value(n)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Text size="sm" className="dim num">
        {t("plan.curve.load", figure(curve.erlangs, language, 1))}
        {sure
          ? ` · ${t("plan.curve.waits", shareWords(sure.probability_of_wait, language), seconds(sure.p90_wait_s))}`
          : ""}
      </Text>
    </Stack>
  );
}
