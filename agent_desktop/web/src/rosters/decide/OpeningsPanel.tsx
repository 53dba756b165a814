/** Open shifts: who bids for them, in whose turn it is, given by approving a bid; planners open and close them. */

import { Badge, Button, Group, Stack, Table, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useCallback, useEffect, useState } from "react";
import { Ask } from "../../planner/Ask";
import { api } from "../../shared/api";
import { dayWords } from "../../shared/format";
import { useCommand, useFresh, useLoad } from "../../shared/hooks";
import { tellDone } from "../../shared/notice";
import { useSearch } from "../../shared/path";
import { minutesWords } from "../../shared/rosterSaid";
import type { Me, RosterOpeningShown, RosterOpeningWhole } from "../../shared/schema";
import { Failed, Loading, Nothing, Panel } from "../../shared/states";
import { useWords } from "../../shared/words";
import { hoursOf, toneOf } from "../days";
import { onRequestsChanged, requestsChanged } from "../waiting";
import { OpenShift } from "./OpenShift";

const FRESH_MS = 30_000;
const COLORS: Record<RosterOpeningShown["state"], string> = {
  open: "orange",
  filled: "teal",
  closed: "gray",
};

export function OpeningsPanel({ me }: { me: Me }) {
  const { t, language } = useWords();
  const [search, change] = useSearch();
  const writes = me.role === "planner" || me.role === "admin";
  const { data, error, reload } = useFresh(
    useCallback(() => api.get<RosterOpeningShown[]>("/api/rosters/openings"), []),
    FRESH_MS,
  );
  useEffect(() => onRequestsChanged(reload), [reload]);
  const [opening, setOpening] = useState(false);
  const rows = [...(data ?? [])].sort(
    (a, b) => Number(a.state !== "open") - Number(b.state !== "open") || (a.day < b.day ? -1 : 1),
  );
  const wanted = Number(search.get("opening"));
  const chosen = rows.find((one) => one.id === wanted) ?? rows[0] ?? null;
  return (
    <Stack gap="sm">
      {writes ? (
        <Group justify="flex-end">
          <Button
            leftSection={<IconPlus size={16} />}
            onClick={() => setOpening(true)}
            data-testid="opening-new"
          >
            {t("openings.open")}
          </Button>
        </Group>
      ) : null}
      {error ? <Failed error={error} retry={reload} /> : null}
      {!data && !error ? <Loading /> : null}
      {data && !rows.length ? (
        <Panel>
          <Nothing title={t("openings.none")} help={t("openings.none.help")} testid="openings-none" />
        </Panel>
      ) : null}
      {chosen ? (
        <div className="requests-grid">
          <Panel className="request-options" label={t("openings.title")}>
            {rows.map((one) => (
              <button
                key={one.id}
                type="button"
                className="opening"
                aria-pressed={one.id === chosen.id}
                onClick={() => change({ opening: String(one.id) })}
                data-testid={`opening-${one.id}`}
              >
                <span>
                  <b>{dayWords(one.day, language)}</b>
                  <Badge size="sm" variant="light" color={COLORS[one.state]} tt="none">
                    {t(`openings.state.${one.state}`)}
                  </Badge>
                </span>
                <span>
                  {one.name} {hoursOf(one.begin_minute, one.length)}
                </span>
                <span className="fine dim num">{t("openings.given", one.given, one.places, one.bids)}</span>
              </button>
            ))}
          </Panel>
          <Whole key={chosen.id} opening={chosen} writes={writes} onChanged={reload} />
        </div>
      ) : null}
      {opening ? (
        <OpenShift
          onClose={() => setOpening(false)}
          onDone={(made) => {
            setOpening(false);
            tellDone(t("openings.opened"));
            change({ opening: String(made.id) });
            reload();
          }}
        />
      ) : null}
    </Stack>
  );
}

interface WholeProps {
  opening: RosterOpeningShown;
  writes: boolean;
  onChanged: () => void;
}

function Whole({ opening, writes, onChanged }: WholeProps) {
  const { t, language } = useWords();
  const [, change] = useSearch();
  const { id } = opening;
  const { data, error, reload } = useLoad(
    useCallback(() => api.get<RosterOpeningWhole>(`/api/rosters/openings/${id}`), [id]),
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is known of it anew is looked at anew
  useEffect(reload, [opening.bids, opening.given, reload]);
  const { run, error: refused, busy, clear } = useCommand();
  const [asking, setAsking] = useState<"close" | number | null>(null);
  const act = async (work: () => Promise<unknown>, words: string) => {
    setAsking(null);
    if (await run(work)) tellDone(words);
    reload();
    onChanged();
    requestsChanged();
  };
  const close = () => act(() => api.post(`/api/rosters/openings/${id}/close`), t("openings.closed"));
  const give = (request: number) =>
    act(() => api.post(`/api/rosters/requests/${request}/approve`, {}), t("requests.done.approve"));
  return (
    <Panel testid="opening" label={opening.name}>
      <Group justify="space-between" align="start" wrap="nowrap">
        <div>
          <Text fw={600} fz={18}>
            {dayWords(opening.day, language)}
          </Text>
          <span className="shift-chip" data-tone={toneOf(opening.begin_minute)}>
            <b>{opening.name}</b>
            <span className="num">{hoursOf(opening.begin_minute, opening.length)}</span>
          </span>
          {opening.note ? <p className="quote">{opening.note}</p> : null}
        </div>
        {writes && opening.state === "open" ? (
          <Button
            variant="default"
            disabled={busy}
            onClick={() => setAsking("close")}
            data-testid="opening-close"
          >
            {t("openings.close")}
          </Button>
        ) : null}
      </Group>
      {refused ? <Failed error={refused} onClose={clear} /> : null}
      {error ? <Failed error={error} retry={reload} /> : null}
      {!data && !error ? <Loading /> : null}
      {data?.in_turn.length === 0 ? (
        <Nothing title={t(opening.state === "open" ? "openings.no_bids" : "openings.no_bids.over")} />
      ) : null}
      {data?.in_turn.length ? (
        <>
          <Text size="sm" className="dim" mt="sm">
            {t("openings.turn.help")}
          </Text>
          <Table.ScrollContainer type="native" minWidth={560}>
            <Table verticalSpacing={6} className="figures" data-testid="opening-bids">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t("openings.turn")}</Table.Th>
                  <Table.Th className="left">{t("adherence.person")}</Table.Th>
                  <Table.Th>{t("openings.seniority")}</Table.Th>
                  <Table.Th>{t("openings.taken")}</Table.Th>
                  <Table.Th>{t("openings.worked")}</Table.Th>
                  <Table.Th />
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {data.in_turn.map((one) => (
                  <Table.Tr key={one.request.id} data-testid={`bid-${one.request.id}`}>
                    <Table.Td>{one.turn}</Table.Td>
                    <Table.Td className="left">
                      {one.request.person_name || one.request.person}
                      {one.request.verdict?.allowed === false ? (
                        <Text size="xs" c="var(--cf-bad)">
                          {t("requests.breaks")}
                        </Text>
                      ) : null}
                      {one.request.words ? (
                        <Text size="xs" className="dim">
                          “{one.request.words}”
                        </Text>
                      ) : null}
                    </Table.Td>
                    <Table.Td>{one.seniority}</Table.Td>
                    <Table.Td>{one.taken}</Table.Td>
                    <Table.Td>{minutesWords(one.minutes, t)}</Table.Td>
                    <Table.Td>
                      <Group gap={6} justify="flex-end" wrap="nowrap">
                        <Button
                          size="compact-sm"
                          variant="subtle"
                          color="gray"
                          onClick={() => change({ show: "", request: String(one.request.id) })}
                        >
                          {t("openings.look")}
                        </Button>
                        <Button
                          size="compact-sm"
                          disabled={
                            busy || opening.state !== "open" || one.request.verdict?.allowed === false
                          }
                          onClick={() => setAsking(one.request.id)}
                          data-testid="opening-give"
                        >
                          {t("openings.give")}
                        </Button>
                      </Group>
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        </>
      ) : null}
      {asking !== null ? (
        <Ask
          title={t(asking === "close" ? "openings.close" : "openings.give")}
          help={t(asking === "close" ? "openings.close.help" : "requests.approve.help")}
          yes={t(asking === "close" ? "openings.close" : "openings.give")}
          onNo={() => setAsking(null)}
          onYes={() => void (asking === "close" ? close() : give(asking))}
        />
      ) : null}
    </Panel>
  );
}
