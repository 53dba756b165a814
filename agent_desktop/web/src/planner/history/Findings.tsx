/** What stands out in a history: looked through one by one, by keyboard, and decided. */

import { Badge, Group, SegmentedControl, Text } from "@mantine/core";
import { type KeyboardEvent, memo, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { api } from "../../shared/api";
import { useCommand, useLoad } from "../../shared/hooks";
import { useSingleKeys } from "../../shared/Keys";
import { useSearch } from "../../shared/path";
import { momentText } from "../../shared/plot/timeTicks";
import type { Move } from "../../shared/plot/view";
import { DAY, type ZoneClock } from "../../shared/plot/zone";
import type { DecisionBody, FindingShown, SeriesShown } from "../../shared/schema";
import { Failed, Loading, Nothing, Panel } from "../../shared/states";
import { useWords } from "../../shared/words";
import { usePlanning } from "../planning";
import { Decide } from "./Decide";
import { colorOf, doneWords, inOrder, nameWords, shapeOf } from "./findings";
import { Glyph } from "./Glyph";

interface Props {
  series: SeriesShown;
  clock: ZoneClock;
  chosen: number | null;
  onChoose: (id: number | null) => void;
  onMove: (move: Move) => void;
  onLoaded: (findings: readonly FindingShown[]) => void;
  /** What counts is another thing now. */
  onDecided: () => void;
}

const BADGES: Record<FindingShown["state"], string> = {
  proposed: "orange",
  accepted: "teal",
  changed: "blue",
  undone: "gray",
};
/** So much is shown before and after a finding that is looked at, in ms. */
const AROUND = 3 * DAY;

/** Drawn anew only when something of it changes: the plot beside it moves sixty times a second. */
export const Findings = memo(function Findings(props: Props) {
  const { series, clock, chosen, onChoose, onMove, onLoaded, onDecided } = props;
  const { t, language } = useWords();
  const { done, writes } = usePlanning();
  const [search, change] = useSearch();
  const [single] = useSingleKeys();
  const open = search.get("findings") !== "all";
  const list = useRef<HTMLDivElement>(null);
  const { data, error, reload } = useLoad(
    // biome-ignore lint/correctness/useExhaustiveDependencies: what was found anew is loaded again
    useCallback(
      () => api.get<FindingShown[]>(`/api/planning/series/${encodeURIComponent(series.id)}/findings`),
      [series.id, done.clean],
    ),
  );
  /** Decided here and not loaded again: the list keeps its order while it is worked through. */
  const [decided, setDecided] = useState<ReadonlyMap<number, FindingShown>>(new Map());
  const { run, error: refused, busy, clear } = useCommand();
  const findings = useMemo(() => (data ?? []).map((one) => decided.get(one.id) ?? one), [data, decided]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is loaded anew is newer than what was decided
  useEffect(() => setDecided(new Map()), [data]);
  useEffect(() => {
    if (data) onLoaded(findings);
  }, [data, findings, onLoaded]);

  const ordered = useMemo(() => inOrder(data ?? []), [data]);
  const rows = useMemo(
    () =>
      ordered
        // What was decided just now stays in sight.
        .filter((one) => !open || one.state === "proposed" || one.id === chosen)
        .map((one) => decided.get(one.id) ?? one),
    [ordered, open, chosen, decided],
  );
  const waiting = findings.filter((one) => one.state === "proposed").length;
  const at = rows.findIndex((one) => one.id === chosen);
  const here = at >= 0 ? rows[at] : undefined;

  const choose = (one: FindingShown) => {
    onChoose(one.id);
    onMove({ kind: "show", from: one.begin - AROUND, to: Math.max(one.end, one.begin) + AROUND });
  };
  useEffect(() => {
    list.current?.querySelector(`[data-finding="${chosen}"]`)?.scrollIntoView({ block: "nearest" });
  }, [chosen]);

  const decide = async (one: FindingShown, body: DecisionBody) => {
    let now: FindingShown | null = null;
    const worked = await run(async () => {
      now = await api.put<FindingShown>(`/api/planning/findings/${one.id}`, body);
    });
    if (!worked || !now) return false;
    setDecided((was) => new Map(was).set(one.id, now as FindingShown));
    // Accepted is in force as proposed is: nothing else counts now.
    const same = (state: string) => state === "proposed" || state === "accepted";
    if (!(same(one.state) && same(body.state))) onDecided();
    return true;
  };
  const decideAndGoOn = async (one: FindingShown, body: DecisionBody) => {
    const next = rows.slice(at + 1).find((other) => other.state === "proposed");
    if ((await decide(one, body)) && next) choose(next);
  };

  const key = (event: KeyboardEvent) => {
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };
    const step = steps[event.key];
    if (step !== undefined) {
      event.preventDefault();
      const next = rows[Math.max(0, Math.min(rows.length - 1, at < 0 ? 0 : at + step))];
      if (next) choose(next);
      return;
    }
    if (!single || !writes || !here || busy || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "a") void decideAndGoOn(here, { state: "accepted", factor: null, note: here.note });
    else if (event.key === "u") void decideAndGoOn(here, { state: "undone", factor: null, note: here.note });
    else if (event.key === "r") void decide(here, { state: "proposed", factor: null, note: here.note });
    else return;
    event.preventDefault();
  };

  return (
    <Panel testid="findings" label={t("plan.findings")}>
      <Group justify="space-between" mb="xs" wrap="nowrap">
        <Group gap="xs">
          <Text fw={600}>{t("plan.findings")}</Text>
          {waiting ? (
            <Badge variant="light" color="orange" tt="none">
              {t("plan.series.open", waiting)}
            </Badge>
          ) : null}
        </Group>
        <SegmentedControl
          size="xs"
          data={[
            { value: "open", label: t("plan.findings.open") },
            { value: "all", label: t("plan.findings.all", findings.length) },
          ]}
          value={open ? "open" : "all"}
          onChange={(next) => change({ findings: next === "all" ? "all" : "" })}
          aria-label={t("plan.findings")}
          data-testid="findings-filter"
        />
      </Group>
      {error ? <Failed error={error} retry={reload} /> : null}
      {refused ? <Failed error={refused} onClose={clear} /> : null}
      {!data && !error ? <Loading /> : null}
      {data && !rows.length ? (
        <Nothing
          title={t(data.length ? "plan.findings.settled" : "plan.findings.none")}
          help={t(data.length ? "plan.findings.settled.help" : "plan.findings.none.help")}
        />
      ) : null}
      {rows.length ? (
        <div
          ref={list}
          className="finding-list"
          role="listbox"
          tabIndex={0}
          aria-label={t("plan.findings")}
          aria-activedescendant={here ? `finding-${here.id}` : undefined}
          onKeyDown={key}
          data-testid="finding-list"
        >
          {rows.map((one) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the list has the keys
            // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus
            <div
              key={one.id}
              id={`finding-${one.id}`}
              role="option"
              aria-selected={one.id === chosen}
              className="option finding"
              data-finding={one.id}
              data-state={one.state}
              onClick={() => choose(one)}
              data-testid={`finding-${one.id}`}
            >
              <Glyph shape={shapeOf(one.kind)} color={colorOf(one)} />
              <span className="name">
                <b>{nameWords(one, t)}</b>{" "}
                <span className="num">
                  {momentText(one.begin, clock, language, one.end - one.begin < DAY)}
                </span>
                <span className="under">{doneWords(one, t, language)}</span>
              </span>
              <span className="dim num" title={t("plan.finding.sure")}>
                {Math.round(one.sure * 100)}%
              </span>
              <Badge variant="light" color={BADGES[one.state]} tt="none" miw={72}>
                {t(`plan.finding.${one.state}`)}
              </Badge>
            </div>
          ))}
        </div>
      ) : null}
      {here ? (
        <Decide
          key={`${here.id} ${here.state} ${here.decided_at}`}
          finding={here}
          clock={clock}
          busy={busy}
          writes={writes}
          onDecide={(body) => void decide(here, body)}
        />
      ) : null}
    </Panel>
  );
});
