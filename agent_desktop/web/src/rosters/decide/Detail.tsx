/** One request: what the judge says now, the days around it, the cover it would leave; and the decision. */

import { Alert, Button, Group, NumberInput, Stack, Text, Textarea } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { useCallback, useMemo } from "react";
import { Ask } from "../../planner/Ask";
import { api } from "../../shared/api";
import { useCommand, useLoad } from "../../shared/hooks";
import { Key } from "../../shared/Key";
import { useSingleKeys } from "../../shared/Keys";
import { tellDone } from "../../shared/notice";
import { useSearch } from "../../shared/path";
import type { Me, RosterRequestShown, RosterRequestWhole } from "../../shared/schema";
import { Failed, Loading, Panel } from "../../shared/states";
import { moment } from "../../shared/time";
import { useWords } from "../../shared/words";
import { useKept } from "../kept";
import { isForTwo, isOpen, namesOf, requestWords } from "../requestWords";
import { Verdict } from "../Verdict";
import { requestsChanged } from "../waiting";
import { Beside } from "./Beside";
import { Cover } from "./Cover";

/** A usual day's minutes, credited for leave unless somebody says otherwise. */
const A_DAY = 480;

interface Typed {
  note: string;
  /** Null: the usual ones. */
  minutes: number | null;
}

interface Props {
  me: Me;
  request: RosterRequestShown;
  onStep: (by: number) => void;
  onDecided: (now: RosterRequestShown) => void;
}

export function Detail({ me, request, onStep, onDecided }: Props) {
  const { t, language } = useWords();
  const [single] = useSingleKeys();
  const { id } = request;
  const { data, error, reload } = useLoad(
    useCallback(() => api.get<RosterRequestWhole>(`/api/rosters/requests/${id}`), [id]),
  );
  const one = data ?? request;
  const { run, error: refused, busy, clear } = useCommand();
  const [search, change] = useSearch();
  const decision = search.get("decide");
  const asking = decision === "approve" || decision === "refuse" ? decision : null;
  const setAsking = (next: "approve" | "refuse" | null) =>
    change({ decide: next ?? "", request: next ? String(id) : (search.get("request") ?? "") });
  const [typed, keep, forget] = useKept<Typed>(me.user, `decision.${id}`, { note: "", minutes: null });
  const { note } = typed;
  const people = useMemo(() => {
    const names = namesOf(one);
    for (const each of data?.beside ?? []) names.set(each.person, each.name);
    return names;
  }, [one, data]);
  const shifts = useMemo(() => new Map(Object.entries(data?.shifts ?? {})), [data]);

  // A day that was free anyway counts for nothing.
  const free = data?.beside.some((each) => each.day === one.day && each.before === null) ?? false;
  const minutes = typed.minutes ?? (free ? 0 : A_DAY);
  const own = me.agent !== null && (me.agent === one.person || me.agent === one.other);
  const waiting = isForTwo(one) && one.state === "asked";
  const may = data !== null && isOpen(one) && !own;
  const despite = one.verdict?.allowed === false;
  const decide = async (verb: "approve" | "refuse") => {
    setAsking(null);
    const body = {
      note,
      ...(verb === "approve" ? { despite, ...(one.kind === "leave" ? { minutes } : {}) } : {}),
    };
    let now: RosterRequestShown | null = null;
    const done = await run(async () => {
      now = await api.post<RosterRequestShown>(`/api/rosters/requests/${id}/${verb}`, body);
    });
    if (done && now) {
      tellDone(t(`requests.done.${verb}`));
      forget();
      onDecided(now);
    }
    reload();
    requestsChanged();
  };
  const key = (work: () => void) => () => {
    if (single && asking === null) work();
  };
  useHotkeys([
    ["J", key(() => onStep(1))],
    ["K", key(() => onStep(-1))],
    ["A", key(() => may && !waiting && !busy && setAsking("approve"))],
    ["R", key(() => may && !busy && setAsking("refuse"))],
  ]);
  return (
    <Panel testid="request" label={requestWords(one, t, language)}>
      <Group justify="space-between" align="start" wrap="nowrap">
        <div>
          <Text fw={600} fz={18} data-testid="request-title">
            {t("roster.request.of", one.person_name || one.person, requestWords(one, t, language))}
          </Text>
          <Text size="sm" className="dim">
            {t("requests.asked", moment(one.asked_at, language))}
            {one.agreed_at
              ? ` · ${t("requests.agreed", one.other_name || one.other || "", moment(one.agreed_at, language))}`
              : ""}
          </Text>
        </div>
        {may ? (
          <Group gap="xs" wrap="nowrap">
            <Button
              onClick={() => setAsking("approve")}
              disabled={waiting}
              loading={busy}
              rightSection={<Key name="A" />}
              aria-keyshortcuts="A"
              data-testid="approve"
            >
              {t(despite ? "requests.approve.despite" : "requests.approve")}
            </Button>
            <Button
              variant="default"
              onClick={() => setAsking("refuse")}
              disabled={busy}
              rightSection={<Key name="R" />}
              aria-keyshortcuts="R"
              data-testid="refuse"
            >
              {t("requests.refuse")}
            </Button>
          </Group>
        ) : null}
      </Group>
      {one.words ? <p className="quote">{one.words}</p> : null}
      {one.decided_at ? (
        <Alert
          variant="light"
          color={one.state === "approved" ? "teal" : "gray"}
          py="xs"
          mt="sm"
          data-testid="decision"
        >
          {t(
            `requests.was.${one.state as "approved" | "refused" | "withdrawn"}`,
            one.decided_by,
            moment(one.decided_at, language),
          )}
          {one.decision ? ` “${one.decision}”` : ""}
        </Alert>
      ) : null}
      {own && isOpen(one) ? <Text mt="sm">{t("roster.refused.own")}</Text> : null}
      {waiting ? <Text mt="sm">{t("requests.waits", one.other_name || one.other || "")}</Text> : null}
      {refused ? <Failed error={refused} onClose={clear} /> : null}
      {error ? <Failed error={error} retry={reload} /> : null}
      {!data && !error ? <Loading /> : null}
      {data ? (
        <Stack gap="md" mt="md">
          {one.kind === "wish" ? (
            <Text size="sm" className="dim">
              {t("requests.wish")}
            </Text>
          ) : (
            <Verdict verdict={data.verdict} people={people} shifts={shifts} />
          )}
          {data.beside.length ? <Beside days={data.beside} request={data} /> : null}
          {data.cover.length ? <Cover covers={data.cover} /> : null}
        </Stack>
      ) : null}
      {asking && may ? (
        <Ask
          title={t(asking === "approve" ? "requests.approve" : "requests.refuse")}
          help={
            asking === "refuse"
              ? t("requests.refuse.help", one.person_name || one.person)
              : t(
                  despite
                    ? "requests.despite.help"
                    : one.verdict
                      ? "requests.approve.help"
                      : "requests.later.help",
                )
          }
          yes={t(
            asking === "refuse"
              ? "requests.refuse"
              : despite
                ? "requests.approve.despite"
                : "requests.approve",
          )}
          danger={asking === "refuse" || despite}
          disabled={asking === "approve" && despite && !note.trim()}
          onNo={() => setAsking(null)}
          onYes={() => void decide(asking)}
        >
          {asking === "approve" && one.kind === "leave" ? (
            <NumberInput
              label={t("requests.minutes")}
              description={t("requests.minutes.help")}
              value={minutes}
              min={0}
              max={1440}
              step={30}
              onChange={(next) => keep({ minutes: Number(next) || 0 })}
              data-testid="leave-minutes"
            />
          ) : null}
          <Textarea
            label={t(
              asking === "refuse" ? "requests.reason" : despite ? "requests.reason.despite" : "requests.note",
            )}
            value={note}
            maxLength={512}
            autosize
            minRows={2}
            data-autofocus
            onChange={(event) => keep({ note: event.currentTarget.value })}
            data-testid="decision-note"
          />
        </Ask>
      ) : null}
    </Panel>
  );
}
