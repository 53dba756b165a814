/** What I am asked to agree to, and what I asked for, with what became of it. */

import { Badge, Button, Group, Stack, Text } from "@mantine/core";
import { IconMoodCheck, IconPlus } from "@tabler/icons-react";
import { useCallback, useEffect, useState } from "react";
import { Ask } from "../../planner/Ask";
import { api } from "../../shared/api";
import { dayWords } from "../../shared/format";
import { useCommand, useFresh } from "../../shared/hooks";
import { tellDone } from "../../shared/notice";
import type { MyWas, RosterRequestShown } from "../../shared/schema";
import { Failed, Loading, Nothing, Panel } from "../../shared/states";
import { ago, moment } from "../../shared/time";
import { useWords } from "../../shared/words";
import { hoursOf } from "../days";
import { isForTwo, isOpen, namesOf, requestWords, WAIT_COLORS, waitsFor } from "../requestWords";
import { Verdict } from "../Verdict";
import { onRequestsChanged, requestsChanged } from "../waiting";

const FRESH_MS = 30_000;
type Verb = "agree" | "decline" | "withdraw";

export function MyRequests({ me, onAsk }: { me: string; onAsk: () => void }) {
  const { t } = useWords();
  const { data, error, reload } = useFresh(
    useCallback(() => api.get<RosterRequestShown[]>("/api/rosters/mine/requests"), []),
    FRESH_MS,
  );
  useEffect(() => onRequestsChanged(reload), [reload]);
  const { run, error: refused, busy, clear } = useCommand();
  const [asking, setAsking] = useState<[RosterRequestShown, Verb] | null>(null);
  const answer = async (one: RosterRequestShown, verb: Verb) => {
    const done = await run(() => api.post(`/api/rosters/mine/requests/${one.id}/${verb}`));
    if (done) tellDone(t(`roster.done.${verb}`));
    requestsChanged();
  };
  const asked = (data ?? []).filter((one) => one.other === me && one.state === "asked");
  const mine = (data ?? []).filter((one) => !asked.includes(one));
  const ordered = [...mine.filter(isOpen), ...mine.filter((one) => !isOpen(one))];
  return (
    <Stack gap="sm">
      {error ? <Failed error={error} retry={reload} /> : null}
      {refused ? <Failed error={refused} onClose={clear} /> : null}
      {!data && !error ? <Loading /> : null}
      {asked.length ? (
        <Panel testid="asked-of-me" label={t("roster.asked_of_me")} className="alert">
          <Text fw={600} mb={6}>
            {t("roster.asked_of_me")}
          </Text>
          <Stack gap="md">
            {asked.map((one) => (
              <Line key={one.id} one={one} me={me}>
                <Button
                  size="compact-sm"
                  loading={busy}
                  onClick={() => void answer(one, "agree")}
                  data-testid="agree"
                >
                  {t("roster.agree")}
                </Button>
                <Button
                  size="compact-sm"
                  variant="default"
                  disabled={busy}
                  onClick={() => void answer(one, "decline")}
                  data-testid="decline"
                >
                  {t("roster.decline")}
                </Button>
              </Line>
            ))}
          </Stack>
        </Panel>
      ) : null}
      {data ? (
        <Panel testid="my-requests" label={t("roster.my_requests")}>
          <Group justify="space-between" mb="xs">
            <Text fw={600}>{t("roster.my_requests")}</Text>
            <Button
              size="compact-sm"
              variant="light"
              leftSection={<IconPlus size={15} />}
              onClick={onAsk}
              data-testid="requests-ask"
            >
              {t("roster.ask")}
            </Button>
          </Group>
          {ordered.length ? (
            <Stack gap={0} className="request-list">
              {ordered.map((one) => (
                <Line key={one.id} one={one} me={me}>
                  {isOpen(one) && one.person === me ? (
                    <Button
                      size="compact-sm"
                      variant="subtle"
                      color="gray"
                      disabled={busy}
                      onClick={() => setAsking([one, "withdraw"])}
                      data-testid="withdraw"
                    >
                      {t("roster.withdraw")}
                    </Button>
                  ) : null}
                  {isOpen(one) && one.other === me ? (
                    <Button
                      size="compact-sm"
                      variant="subtle"
                      color="gray"
                      disabled={busy}
                      onClick={() => setAsking([one, "decline"])}
                    >
                      {t("roster.decline")}
                    </Button>
                  ) : null}
                </Line>
              ))}
            </Stack>
          ) : (
            <Nothing
              icon={<IconMoodCheck size={30} stroke={1.4} />}
              title={t("roster.requests.none")}
              help={t("roster.requests.none.help")}
            />
          )}
        </Panel>
      ) : null}
      {asking ? (
        <Ask
          title={t(asking[1] === "withdraw" ? "roster.withdraw" : "roster.decline")}
          help={t(asking[1] === "withdraw" ? "roster.withdraw.help" : "roster.decline.help")}
          yes={t(asking[1] === "withdraw" ? "roster.withdraw" : "roster.decline")}
          onNo={() => setAsking(null)}
          onYes={() => {
            const [one, verb] = asking;
            setAsking(null);
            void answer(one, verb);
          }}
        />
      ) : null}
    </Stack>
  );
}

function Line({ one, me, children }: { one: RosterRequestShown; me: string; children?: React.ReactNode }) {
  const { t, language } = useWords();
  const waits = waitsFor(one);
  const theirs = one.person !== me;
  return (
    <div className="request" data-testid={`request-${one.id}`} data-state={one.state}>
      <div className="request-words">
        <Group gap={8}>
          <Text size="sm" fw={600}>
            {theirs
              ? t("roster.request.of", one.person_name || one.person, requestWords(one, t, language))
              : requestWords(one, t, language)}
          </Text>
          <Badge size="sm" variant="light" color={WAIT_COLORS[waits]} tt="none" data-testid="request-state">
            {waits === "other" && theirs
              ? t("roster.waits.you")
              : t(`roster.waits.${waits}`, one.other_name || one.other || "")}
          </Badge>
        </Group>
        {isOpen(one) && isForTwo(one) ? <Exchange one={one} theirs={theirs} /> : null}
        {one.words ? (
          <Text size="sm" className="note">
            “{one.words}”
          </Text>
        ) : null}
        <Text size="xs" className="dim">
          {one.decided_at
            ? t("roster.decided", one.decided_by, moment(one.decided_at, language))
            : t("roster.asked_at", ago(Date.now() - one.asked_at, language))}
          {one.decision ? ` · “${one.decision}”` : ""}
        </Text>
        {isOpen(one) ? <Verdict verdict={one.verdict} people={namesOf(one)} brief /> : null}
      </div>
      <Group gap={6} wrap="nowrap">
        {children}
      </Group>
    </div>
  );
}

/** What whoever reads it would give and get. */
function Exchange({ one, theirs }: { one: RosterRequestShown; theirs: boolean }) {
  const { t, language } = useWords();
  const shift = (was: MyWas | null | undefined) =>
    was ? `${was.name} ${hoursOf(was.start, was.length)}` : t("roster.off");
  const asks: [string, MyWas | null | undefined] = [one.day, one.gives];
  const other: [string, MyWas | null | undefined] = [one.other_day ?? one.day, one.takes];
  const [give, get] = theirs ? [other, asks] : [asks, other];
  const gift = one.kind === "give";
  return (
    <Group gap={16} className="num">
      {gift && theirs ? null : (
        <Text size="sm">{t("roster.exchange.give", dayWords(give[0], language), shift(give[1]))}</Text>
      )}
      {gift && !theirs ? null : (
        <Text size="sm">{t("roster.exchange.get", dayWords(get[0], language), shift(get[1]))}</Text>
      )}
    </Group>
  );
}
