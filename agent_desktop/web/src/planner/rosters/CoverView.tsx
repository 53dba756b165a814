/** Requirement against cover: heat over days and hours, the lines of a day, who is short and why. */

import { Button, Group, SegmentedControl, Text } from "@mantine/core";
import { useCallback, useMemo, useState } from "react";
import { hoursOf } from "../../rosters/days";
import { api } from "../../shared/api";
import { addDays, dayWords, figure, percentWords } from "../../shared/format";
import { useLoad } from "../../shared/hooks";
import { minuteText } from "../../shared/plot/zone";
import { minutesWords, saidWords } from "../../shared/rosterSaid";
import type { RosterCell, RosterCoverWhole, RosterHelper } from "../../shared/schema";
import { Failed, Loading, Nothing, Panel } from "../../shared/states";
import { useWords } from "../../shared/words";
import { type Gap, gapsOf, perDay, totalOf, used } from "./cover";
import { DayCover } from "./DayCover";
import { HeatGrid, type HeatRow } from "./HeatGrid";
import type { Plan } from "./problem";
import { useNaming } from "./Said";

interface Props {
  plan: Plan;
  cover: RosterCoverWhole;
  /** Where the roster is: `/api/rosters/drafts/1`. */
  path: string;
  day: string;
  onDay: (day: string) => void;
  /** Put somebody in; null where it is only looked at. */
  onPut: ((cell: RosterCell) => Promise<void>) | null;
  /** Changes with the roster. */
  version: string;
}

const SHIFTS = "\u0000shifts";
const MOST = 60;

export function CoverView({ plan, cover, path, day, onDay, onPut, version }: Props) {
  const { t, language } = useWords();
  const kinds = [
    ...cover.demands.map((one) => ({ value: one.name, label: one.name })),
    ...(cover.shifts.length ? [{ value: SHIFTS, label: t("sched.cover.shifts") }] : []),
  ];
  const [kind, setKind] = useState(kinds[0]?.value ?? "");
  const [gap, setGap] = useState<Gap | null>(null);
  const gaps = useMemo(() => gapsOf(cover), [cover]);
  const shown = gaps.filter((one) => (kind === SHIFTS ? one.kind === "shift" : one.name === kind));
  const demand = cover.demands.find((one) => one.name === kind);
  const range = useMemo(() => used(cover, kind), [cover, kind]);
  if (!kinds.length)
    return (
      <Panel>
        <Nothing title={t("sched.cover.none")} help={t("sched.cover.none.help")} />
      </Panel>
    );
  const pick = (next: Gap | null) => {
    setGap(next);
    if (next) onDay(next.day);
  };
  const total = demand ? totalOf(cover, demand) : null;
  return (
    <div className="cover-grid">
      <Panel label={t("sched.cover")} testid="cover-heat">
        <Group justify="space-between" gap="md" mb="xs">
          {kinds.length > 1 ? (
            <SegmentedControl
              size="xs"
              aria-label={t("sched.cover.kind")}
              data={kinds}
              value={kind}
              onChange={(next) => {
                setKind(next);
                setGap(null);
              }}
            />
          ) : (
            <Text fw={600} size="sm">
              {kinds[0]?.label}
            </Text>
          )}
          {total ? (
            <Text size="sm" className="num dim">
              {t(
                "sched.cover.total",
                figure(total.missing / 60, language, 1),
                percentWords((total.missing / Math.max(1, total.required)) * 100, language),
                figure(total.beyond / 60, language, 1),
              )}
            </Text>
          ) : null}
          <span className="lean-key fine dim" aria-hidden>
            {t("sched.cover.short")} <span className="lean-scale" /> {t("sched.cover.beyond")}
          </span>
        </Group>
        {demand ? (
          <DemandHeat cover={cover} name={demand.name} day={day} onDay={onDay} onGap={pick} gaps={shown} />
        ) : (
          <ShiftHeat cover={cover} plan={plan} onDay={onDay} onGap={pick} gaps={shown} />
        )}
        {demand ? (
          <>
            <Group justify="space-between" mt="sm" mb={2}>
              <Text fw={600} size="sm">
                {dayWords(day, language)}
              </Text>
              <Group gap={14} className="fine dim">
                <span>
                  <span className="cover-key required" aria-hidden /> {t("sched.cover.required")}
                </span>
                <span>
                  <span className="cover-key served" aria-hidden /> {t("sched.cover.served")}
                </span>
                <span>
                  <span className="cover-key lost" aria-hidden /> {t("sched.cover.short")}
                </span>
              </Group>
            </Group>
            <DayCover
              cover={cover}
              name={demand.name}
              day={day}
              begin={range.from * cover.interval_minutes}
              end={range.to * cover.interval_minutes}
              height={150}
              axis
            />
          </>
        ) : null}
      </Panel>
      <Panel label={t("sched.short")} testid="short">
        <Text fw={600} size="sm" mb={4}>
          {t("sched.short")}
        </Text>
        {shown.length ? (
          <div className="gap-list" role="listbox" aria-label={t("sched.short")}>
            {shown.slice(0, MOST).map((one) => (
              <button
                type="button"
                role="option"
                key={`${one.name} ${one.day} ${one.from}`}
                className="option gap"
                aria-selected={gap?.day === one.day && gap.from === one.from && gap.name === one.name}
                onClick={() => pick(one)}
                data-testid="gap"
              >
                <span>{dayWords(one.day, language)}</span>
                <span className="num">
                  {one.kind === "demand"
                    ? `${minuteText(one.from)}–${minuteText(one.to)}`
                    : (plan.shiftNames.get(one.name) ?? one.name)}
                </span>
                <b className="late num">−{one.worst}</b>
                <span className="dim num">{one.kind === "demand" ? minutesWords(one.missing, t) : ""}</span>
              </button>
            ))}
            {shown.length > MOST ? (
              <Text size="sm" className="dim" p={6}>
                {t("roster.verdict.more", shown.length - MOST)}
              </Text>
            ) : null}
          </div>
        ) : (
          <Nothing title={t("sched.short.none")} testid="short-none" />
        )}
        {gap ? (
          <Helpers
            key={`${gap.name} ${gap.day} ${gap.from} ${version}`}
            plan={plan}
            gap={gap}
            path={path}
            onPut={onPut}
          />
        ) : shown.length ? (
          <Text size="sm" className="dim" mt="sm">
            {t("sched.short.choose")}
          </Text>
        ) : null}
      </Panel>
    </div>
  );
}

interface HeatProps {
  cover: RosterCoverWhole;
  gaps: readonly Gap[];
  onDay: (day: string) => void;
  onGap: (gap: Gap | null) => void;
}

function DemandHeat({ cover, name, day, gaps, onDay, onGap }: HeatProps & { name: string; day: string }) {
  const { t, language } = useWords();
  const rows = useMemo<HeatRow[]>(() => {
    const demand = cover.demands.find((one) => one.name === name);
    const count = perDay(cover);
    const { from, to } = used(cover, name);
    return Array.from({ length: cover.days }, (_, n) => {
      const date = addDays(cover.start, n);
      const label = dayWords(date, language);
      return {
        key: date,
        label,
        cells: Array.from({ length: to - from }, (_, place) => {
          const at = n * count + from + place;
          const [required, has] = [demand?.required[at] ?? 0, demand?.served[at] ?? 0];
          const time = minuteText((from + place) * cover.interval_minutes);
          return {
            required,
            difference: has - required,
            text: "",
            said: t("sched.cover.cell", label, time, has, required),
          };
        }),
      };
    });
  }, [cover, name, language, t]);
  const { from, to } = used(cover, name);
  const every = to - from > 48 ? 180 : 60;
  const heads = Array.from({ length: to - from }, (_, n) => {
    const minute = (from + n) * cover.interval_minutes;
    return minute % every === 0 ? minuteText(minute) : "";
  });
  return (
    <HeatGrid
      label={t("sched.cover.heat", name)}
      rows={rows}
      heads={heads}
      chosen={day}
      onPick={(row, place) => {
        const minute = (from + place) * cover.interval_minutes;
        onDay(row.key);
        onGap(gaps.find((one) => one.day === row.key && one.from <= minute && minute < one.to) ?? null);
      }}
      testid="heat"
    />
  );
}

function ShiftHeat({ cover, plan, gaps, onDay, onGap }: HeatProps & { plan: Plan }) {
  const { t, language } = useWords();
  const rows = useMemo<HeatRow[]>(() => {
    const ids = [...new Set(cover.shifts.map((one) => one.shift))];
    const of = new Map(cover.shifts.map((one) => [`${one.shift} ${one.day}`, one]));
    return ids.map((id) => ({
      key: id,
      label: plan.shiftNames.get(id) ?? id,
      cells: plan.days.map(({ day }) => {
        const one = of.get(`${id} ${day}`);
        return {
          required: one?.required ?? 0,
          difference: one ? one.has - one.required : 0,
          text: one ? `${one.has}/${one.required}` : "",
          said: t("sched.cover.cell", id, dayWords(day, language), one?.has ?? 0, one?.required ?? 0),
        };
      }),
    }));
  }, [cover, plan, language, t]);
  return (
    <HeatGrid
      label={t("sched.cover.shifts")}
      rows={rows}
      heads={plan.days.map((one) => String(Number(one.day.slice(8))))}
      tall
      onPick={(row, place) => {
        const day = plan.days[place]?.day ?? "";
        onDay(day);
        onGap(gaps.find((one) => one.day === day && one.name === row.key) ?? null);
      }}
      testid="heat-shifts"
    />
  );
}

function Helpers({ plan, gap, path, onPut }: { plan: Plan; gap: Gap; path: string; onPut: Props["onPut"] }) {
  const { t, language } = useWords();
  const { data, error, reload } = useLoad(
    useCallback(() => {
      const query = new URLSearchParams({ day: gap.day, name: gap.name });
      if (gap.kind === "demand") {
        query.set("minute", String(gap.from));
        query.set("minutes", String(gap.to - gap.from));
      }
      return api.get<RosterHelper[]>(`${path}/helpers?${query}`);
    }, [gap, path]),
  );
  const could = (data ?? []).filter((one) => one.could);
  const cannot = (data ?? []).filter((one) => !one.could && one.state !== "there");
  const there = (data ?? []).filter((one) => one.state === "there");
  return (
    <section className="helpers" aria-label={t("sched.help")} data-testid="helpers">
      <Text fw={600} size="sm">
        {gap.kind === "demand"
          ? t(
              "sched.help.of",
              gap.name,
              dayWords(gap.day, language),
              `${minuteText(gap.from)}–${minuteText(gap.to)}`,
            )
          : t("sched.help.shift", plan.shiftNames.get(gap.name) ?? gap.name, dayWords(gap.day, language))}
      </Text>
      {error ? <Failed error={error} retry={reload} /> : null}
      {!data && !error ? <Loading /> : null}
      {data ? (
        <>
          <Text size="sm" mt={6} fw={600} c={could.length ? undefined : "var(--cf-late)"}>
            {t("sched.help.could", could.length)}
          </Text>
          <ul className="helper-list">
            {could.slice(0, MOST).map((one) => (
              <Helper key={one.person} plan={plan} one={one} onPut={onPut} />
            ))}
          </ul>
          <Text size="sm" mt={6} fw={600}>
            {t("sched.help.cannot", cannot.length)}
          </Text>
          <ul className="helper-list">
            {cannot.slice(0, MOST).map((one) => (
              <Helper key={one.person} plan={plan} one={one} onPut={null} />
            ))}
          </ul>
          {there.length ? (
            <Text size="sm" className="dim" mt={6}>
              {t("sched.help.there", there.length)}
            </Text>
          ) : null}
        </>
      ) : null}
    </section>
  );
}

function Helper({ plan, one, onPut }: { plan: Plan; one: RosterHelper; onPut: Props["onPut"] }) {
  const { t, language } = useWords();
  const naming = useNaming(plan);
  const name = plan.name(one.person);
  const why = one.broken.length
    ? one.broken.map((each) => saidWords(each.words, naming)).join(t("list.comma"))
    : one.state === "away"
      ? t("sched.help.away")
      : one.would
        ? ""
        : t("sched.help.no_shift");
  return (
    <li data-testid={`helper-${one.person}`} data-could={one.could}>
      <div>
        <b>{name}</b>{" "}
        {one.would && one.could ? (
          <span className="num">
            {one.would.shift} {hoursOf(one.would.start, one.would.length)}
            {one.has ? ` ${t("sched.help.instead", one.has.shift)}` : ""}
          </span>
        ) : null}{" "}
        {one.could && one.cost ? (
          <span className="dim num fine">{t("sched.help.cost", figure(one.cost, language))}</span>
        ) : null}
        {why ? <div className="dim fine">{why}</div> : null}
      </div>
      {onPut && one.would ? (
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => void onPut({ ...(one.would as RosterCell) })}
          aria-label={t("sched.help.put.of", name)}
          data-testid="put"
        >
          {t("sched.help.put")}
        </Button>
      ) : null}
    </li>
  );
}
