/** Open shifts I may bid for: what the judge says of each, and my bid where I have one. */

import { Badge, Button, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { useCallback, useEffect, useMemo, useState } from "react";
import { api } from "../../shared/api";
import { dayWords } from "../../shared/format";
import { useCommand, useFresh, useLoad } from "../../shared/hooks";
import { tellDone } from "../../shared/notice";
import { known } from "../../shared/refusal";
import type { Me, MyOpening, RosterRequestVerdict } from "../../shared/schema";
import { Failed, Loading, Panel } from "../../shared/states";
import { useWords } from "../../shared/words";
import { hoursOf, toneOf } from "../days";
import { Verdict } from "../Verdict";
import { onRequestsChanged, requestsChanged } from "../waiting";

const FRESH_MS = 60_000;

export function Openings({ me }: { me: Me }) {
  const { t, language } = useWords();
  const { data, error, reload } = useFresh(
    useCallback(() => api.get<MyOpening[]>("/api/rosters/mine/openings"), []),
    FRESH_MS,
  );
  useEffect(() => onRequestsChanged(reload), [reload]);
  const { run, error: refused, busy, clear } = useCommand();
  const [chosen, setChosen] = useState<MyOpening | null>(null);
  const withdraw = async (id: number) => {
    const done = await run(() => api.post(`/api/rosters/mine/requests/${id}/withdraw`));
    if (done) tellDone(t("roster.done.withdraw"));
    requestsChanged();
  };
  // Where nobody opens shifts there is nothing to be said about them.
  if (!error && !data?.length) return null;
  return (
    <Panel testid="my-openings" label={t("openings.title")}>
      <Text fw={600} size="sm" mb={4}>
        {t("openings.title")}
      </Text>
      {error ? <Failed error={error} retry={reload} /> : null}
      {refused ? <Failed error={refused} onClose={clear} /> : null}
      <Stack gap={0} className="request-list">
        {(data ?? []).map((one) => (
          <div key={one.id} className="request" data-testid={`my-opening-${one.id}`}>
            <div className="request-words">
              <Text size="sm">{dayWords(one.day, language)}</Text>
              <span className="shift-chip" data-tone={toneOf(one.start)}>
                <b>{one.name}</b>
                <span className="num">{hoursOf(one.start, one.length)}</span>
              </span>
              {one.note ? (
                <Text size="xs" className="dim">
                  {one.note}
                </Text>
              ) : null}
              {one.mine === null && !one.able ? (
                <Text size="xs" className="dim">
                  {known(one.why, t) ?? one.why}
                </Text>
              ) : null}
            </div>
            {one.mine === null ? (
              <Button
                size="compact-sm"
                variant="light"
                disabled={!one.able}
                onClick={() => setChosen(one)}
                data-testid="opening-bid"
              >
                {t("openings.bid")}
              </Button>
            ) : (
              <Group gap={6} wrap="nowrap">
                <Badge size="sm" variant="light" color="orange" tt="none">
                  {t("openings.mine")}
                </Badge>
                <Button
                  size="compact-sm"
                  variant="subtle"
                  color="gray"
                  disabled={busy}
                  onClick={() => void withdraw(one.mine ?? 0)}
                >
                  {t("roster.withdraw")}
                </Button>
              </Group>
            )}
          </div>
        ))}
      </Stack>
      {chosen ? (
        <Bid
          me={me}
          opening={chosen}
          onClose={() => setChosen(null)}
          onDone={() => {
            setChosen(null);
            tellDone(t("roster.asked"));
            requestsChanged();
          }}
        />
      ) : null}
    </Panel>
  );
}

interface BidProps {
  me: Me;
  opening: MyOpening;
  onClose: () => void;
  onDone: () => void;
}

function Bid({ me, opening, onClose, onDone }: BidProps) {
  const { t, language } = useWords();
  const { id, day, shift, start, length } = opening;
  const said = useLoad(
    useCallback(
      () =>
        api.post<RosterRequestVerdict | null>("/api/rosters/mine/requests/preview", {
          kind: "bid",
          day,
          shift,
          start,
          length,
        }),
      [day, shift, start, length],
    ),
  );
  const { run, error, busy, clear } = useCommand();
  const [words, setWords] = useState("");
  const people = useMemo(() => new Map([[me.agent ?? "", me.name]]), [me]);
  const send = async () => {
    if (await run(() => api.post(`/api/rosters/mine/openings/${id}/bid`, { words }))) onDone();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("openings.bid_for", opening.name, dayWords(day, language))}
      closeButtonProps={{ "aria-label": t("history.close") }}
      data-testid="bid-dialog"
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) void send();
        }}
      >
        <Stack gap="sm">
          <Text size="sm">{t("openings.help", hoursOf(start, length), opening.places - opening.given)}</Text>
          {said.loading ? <Loading /> : null}
          {said.error ? <Failed error={said.error} retry={said.reload} /> : null}
          {said.data ? <Verdict verdict={said.data} people={people} brief /> : null}
          <Textarea
            label={t("roster.ask.words")}
            value={words}
            maxLength={512}
            autosize
            minRows={1}
            data-autofocus
            onChange={(event) => setWords(event.currentTarget.value)}
          />
          {error ? <Failed error={error} onClose={clear} /> : null}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t("admin.cancel")}
            </Button>
            <Button type="submit" loading={busy} data-testid="bid-send">
              {t("openings.bid")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
