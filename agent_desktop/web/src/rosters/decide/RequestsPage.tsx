/** What agents ask for, decided by supervisors and planners: the list, and one with all that speaks for it. */

import { Badge, Group, SegmentedControl, Stack, Text, Title } from "@mantine/core";
import { IconMoodCheck } from "@tabler/icons-react";
import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { api } from "../../shared/api";
import { useFresh } from "../../shared/hooks";
import { useSearch } from "../../shared/path";
import type { Me, RosterRequestShown } from "../../shared/schema";
import { Failed, Loading, Nothing, Panel } from "../../shared/states";
import { ago, moment } from "../../shared/time";
import { useTitle } from "../../shared/title";
import { useWords } from "../../shared/words";
import { requestWords, WAIT_COLORS, waitingFirst, waitsFor } from "../requestWords";
import { onRequestsChanged } from "../waiting";
import { Detail } from "./Detail";
import { OpeningsPanel } from "./OpeningsPanel";
import "../rosters.css";

const FRESH_MS = 30_000;
const SHOWN = ["open", "decided", "openings"] as const;

export function RequestsPage({ me }: { me: Me }) {
  const { t } = useWords();
  const [search, change] = useSearch();
  const shown = SHOWN.find((one) => one === search.get("show")) ?? "open";
  useTitle(t("nav.requests"));
  return (
    <Stack gap="sm" data-testid="requests">
      <Group justify="space-between">
        <Title order={1} size="h3">
          {t("nav.requests")}
        </Title>
        <SegmentedControl
          size="sm"
          data={[
            { value: "open", label: t("requests.open") },
            { value: "decided", label: t("requests.decided") },
            { value: "openings", label: t("openings.title") },
          ]}
          value={shown}
          onChange={(next) => change({ show: next === "open" ? "" : next, request: "" })}
          aria-label={t("nav.requests")}
          data-testid="requests-show"
        />
      </Group>
      {shown === "openings" ? (
        <OpeningsPanel me={me} />
      ) : (
        <Requests key={shown} me={me} open={shown === "open"} />
      )}
    </Stack>
  );
}

function Requests({ me, open }: { me: Me; open: boolean }) {
  const { t } = useWords();
  const [search, change] = useSearch();
  const { data, error, reload } = useFresh(
    useCallback(() => api.get<RosterRequestShown[]>(`/api/rosters/requests?open=${open}`), [open]),
    FRESH_MS,
  );
  useEffect(() => onRequestsChanged(reload), [reload]);
  const list = useRef<HTMLDivElement>(null);
  /** Decided here: it stays in its place until another is chosen. */
  const [kept, setKept] = useState<RosterRequestShown | null>(null);
  const rows = useMemo(() => {
    const listed = open ? waitingFirst(data ?? []) : (data ?? []);
    if (!kept || !open || listed.some((one) => one.id === kept.id)) return listed;
    return [kept, ...listed];
  }, [data, open, kept]);
  const wanted = Number(search.get("request"));
  const chosen = rows.find((one) => one.id === wanted) ?? rows[0] ?? null;
  const choose = (one: RosterRequestShown) => {
    if (kept && kept.id !== one.id) setKept(null);
    change({ request: String(one.id) });
  };
  const chosenId = chosen?.id;
  useEffect(() => {
    list.current?.querySelector(`[data-request="${chosenId}"]`)?.scrollIntoView({ block: "nearest" });
  }, [chosenId]);
  const step = (by: number) => {
    const at = rows.findIndex((one) => one.id === chosenId);
    const next = rows[Math.max(0, Math.min(rows.length - 1, at + by))];
    if (next) choose(next);
  };
  const key = (event: KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    step(by);
  };
  return (
    <>
      {error ? <Failed error={error} retry={reload} /> : null}
      {!data && !error ? <Loading /> : null}
      {data && !rows.length ? (
        <Panel>
          <Nothing
            icon={<IconMoodCheck size={32} stroke={1.4} />}
            title={t(open ? "requests.none" : "requests.none.decided")}
            help={open ? t("requests.none.help") : ""}
            testid="requests-none"
          />
        </Panel>
      ) : null}
      {rows.length && chosen ? (
        <div className="requests-grid">
          <Panel className="request-options" label={t("nav.requests")}>
            <div
              ref={list}
              role="listbox"
              tabIndex={0}
              aria-label={t("nav.requests")}
              aria-activedescendant={`request-option-${chosen.id}`}
              onKeyDown={key}
              data-testid="request-list"
            >
              {rows.map((one) => (
                <Option key={one.id} one={one} chosen={one.id === chosen.id} onChoose={() => choose(one)} />
              ))}
            </div>
          </Panel>
          <Detail
            key={chosen.id}
            me={me}
            request={chosen}
            onStep={step}
            onDecided={(now) => {
              setKept(now);
              change({ request: String(now.id) });
            }}
          />
        </div>
      ) : null}
    </>
  );
}

interface OptionProps {
  one: RosterRequestShown;
  chosen: boolean;
  onChoose: () => void;
}

function Option({ one, chosen, onChoose }: OptionProps) {
  const { t, language } = useWords();
  const waits = waitsFor(one);
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list takes the keys
    <div
      role="option"
      id={`request-option-${one.id}`}
      aria-selected={chosen}
      className="option"
      data-request={one.id}
      data-testid={`request-option-${one.id}`}
      onClick={onChoose}
    >
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <b className="long">{one.person_name || one.person}</b>
        <Badge size="sm" variant="light" color={WAIT_COLORS[waits]} tt="none" style={{ flex: "none" }}>
          {t(`roster.waits.${waits}`, one.other_name || one.other || "")}
        </Badge>
      </Group>
      <div>{requestWords(one, t, language)}</div>
      <Text size="xs" className="dim">
        {one.decided_at ? moment(one.decided_at, language) : ago(Date.now() - one.asked_at, language)}
        {one.verdict && !one.verdict.allowed && !one.decided_at ? ` · ${t("requests.breaks")}` : ""}
      </Text>
    </div>
  );
}
