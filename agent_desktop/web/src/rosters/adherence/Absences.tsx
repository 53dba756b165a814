/** Who was ill, or away for another good reason: entered beforehand or afterwards, and not held against them. */

import {
  Badge,
  Button,
  Group,
  Modal,
  SegmentedControl,
  Select,
  Stack,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useCallback, useState } from "react";
import { Ask } from "../../planner/Ask";
import { api } from "../../shared/api";
import { useCommand, useLoad } from "../../shared/hooks";
import { tellDone } from "../../shared/notice";
import { useSearch } from "../../shared/path";
import { DAY, dayNumber, type ZoneClock } from "../../shared/plot/zone";
import type { AbsenceShown, Me } from "../../shared/schema";
import { Failed, Nothing, Panel } from "../../shared/states";
import { moment } from "../../shared/time";
import { useWords } from "../../shared/words";
import { useKept } from "../kept";
import { whenWords } from "../time";

interface Props {
  me: Me;
  names: Record<string, string>;
  clock: ZoneClock;
  first: string;
  last: string;
  person: string | null;
  today: string;
  onChanged: () => void;
}

export function Absences({ me, names, clock, first, last, person, today, onChanged }: Props) {
  const { t, language } = useWords();
  const { data, error, reload } = useLoad(
    useCallback(
      () => api.get<AbsenceShown[]>(`/api/rosters/absences?from=${first}&to=${last}`),
      [first, last],
    ),
  );
  const { run, error: refused, busy, clear } = useCommand();
  const [search, change] = useSearch();
  const entering = search.get("absence") === "new";
  const setEntering = (on: boolean) => change({ absence: on ? "new" : "" });
  const [asking, setAsking] = useState<AbsenceShown | null>(null);
  const changed = () => {
    reload();
    onChanged();
  };
  const withdraw = async (one: AbsenceShown) => {
    setAsking(null);
    await run(() => api.post(`/api/rosters/absences/${one.id}/withdraw`));
    changed();
  };
  return (
    <Panel testid="absences" label={t("absences.title")}>
      <Group justify="space-between" mb="xs">
        <Text fw={600}>{t("absences.title")}</Text>
        <Button
          size="compact-sm"
          variant="light"
          leftSection={<IconPlus size={15} />}
          onClick={() => setEntering(true)}
          data-testid="absence-enter"
        >
          {t("absences.enter")}
        </Button>
      </Group>
      {error ? <Failed error={error} retry={reload} /> : null}
      {refused ? <Failed error={refused} onClose={clear} /> : null}
      {data?.length === 0 ? <Nothing title={t("absences.none")} help={t("absences.none.help")} /> : null}
      <Stack gap={0} className="request-list">
        {(data ?? []).map((one) => (
          <div
            key={one.id}
            className="request"
            data-testid={`absence-${one.id}`}
            data-withdrawn={one.withdrawn_at !== null || undefined}
          >
            <div className="request-words">
              <Group gap={8}>
                <Text size="sm" fw={600}>
                  {one.name}
                </Text>
                <Badge size="sm" variant="light" color={one.withdrawn_at ? "gray" : "blue"} tt="none">
                  {t(one.withdrawn_at ? "absences.withdrawn" : `absences.kind.${one.kind}`)}
                </Badge>
              </Group>
              <Text size="sm">{spanOf(one, clock, language)}</Text>
              {one.words ? (
                <Text size="sm" className="note">
                  “{one.words}”
                </Text>
              ) : null}
              <Text size="xs" className="dim">
                {t("absences.entered", one.by, moment(one.at, language))}
                {one.withdrawn_at
                  ? ` · ${t("absences.withdrew", one.withdrawn_by, moment(one.withdrawn_at, language))}`
                  : ""}
              </Text>
            </div>
            {one.withdrawn_at === null && one.person !== me.agent ? (
              <Button
                size="compact-sm"
                variant="subtle"
                color="gray"
                disabled={busy}
                onClick={() => setAsking(one)}
                data-testid="absence-withdraw"
              >
                {t("roster.withdraw")}
              </Button>
            ) : null}
          </div>
        ))}
      </Stack>
      {entering ? (
        <Enter
          names={names}
          clock={clock}
          person={person === me.agent ? null : person}
          own={me.agent}
          user={me.user}
          today={today}
          onClose={() => setEntering(false)}
          onDone={() => {
            setEntering(false);
            changed();
          }}
        />
      ) : null}
      {asking ? (
        <Ask
          title={t("roster.withdraw")}
          help={t("absences.withdraw.help")}
          yes={t("roster.withdraw")}
          onNo={() => setAsking(null)}
          onYes={() => void withdraw(asking)}
        />
      ) : null}
    </Panel>
  );
}

/** Whole days as days, others with their times. */
function spanOf(one: AbsenceShown, clock: ZoneClock, language: string): string {
  const whole = clock.minute(one.begin) === 0 && clock.minute(one.end) === 0;
  if (!whole)
    return `${whenWords(one.begin, clock.zone, language)} – ${whenWords(one.end, clock.zone, language)}`;
  const format = new Intl.DateTimeFormat(language, {
    weekday: "short",
    month: "short",
    day: "numeric",
    timeZone: clock.zone,
  });
  return clock.day(one.begin) + 1 === clock.day(one.end)
    ? format.format(one.begin)
    : format.formatRange(one.begin, one.end - 1);
}

interface EnterProps {
  names: Record<string, string>;
  clock: ZoneClock;
  person: string | null;
  own: string | null;
  user: string;
  today: string;
  onClose: () => void;
  onDone: () => void;
}

function Enter({ names, clock, person, own, user, today, onClose, onDone }: EnterProps) {
  const { t } = useWords();
  const [form, keep, forget] = useKept(user, "absence", {
    who: person,
    kind: "sick",
    from: today,
    until: today,
    since: "",
    till: "",
    words: "",
  });
  const { who, kind, from, until, since, till, words } = form;
  const { run, error, busy, clear } = useCommand();
  const close = () => {
    forget();
    onClose();
  };
  const begin = clock.moment(dayNumber(from) * DAY + minutesOf(since) * 60_000);
  const end = clock.moment((dayNumber(until) + (till ? 0 : 1)) * DAY + minutesOf(till) * 60_000);
  const ready = who !== null && begin < end;
  const send = async () => {
    const sent = await run(() => api.post("/api/rosters/absences", { person: who, kind, begin, end, words }));
    if (!sent) return;
    forget();
    tellDone(t("absences.done"));
    onDone();
  };
  return (
    <Modal
      opened
      onClose={close}
      title={t("absences.enter")}
      closeButtonProps={{ "aria-label": t("history.close") }}
      data-testid="absence-dialog"
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (ready && !busy) void send();
        }}
      >
        <Stack gap="sm">
          <Text size="sm" className="dim">
            {t("absences.enter.help")}
          </Text>
          <Select
            label={t("absences.who")}
            data={Object.entries(names)
              .filter(([id]) => id !== own)
              .map(([value, label]) => ({ value, label }))
              .sort((a, b) => a.label.localeCompare(b.label))}
            value={who}
            onChange={(next) => keep({ who: next })}
            searchable
            nothingFoundMessage={t("field.nothing")}
            data-testid="absence-who"
          />
          <SegmentedControl
            data={[
              { value: "sick", label: t("absences.kind.sick") },
              { value: "other", label: t("absences.kind.other") },
            ]}
            value={kind}
            onChange={(next) => keep({ kind: next })}
            aria-label={t("absences.kind")}
          />
          <Group grow align="start">
            <TextInput
              type="date"
              label={t("absences.from")}
              value={from}
              onChange={(event) => {
                const next = event.currentTarget.value;
                keep({ from: next, until: until < next ? next : until });
              }}
              data-testid="absence-from"
            />
            <TextInput
              type="time"
              label={t("absences.since")}
              description={t("absences.since.help")}
              inputWrapperOrder={["label", "input", "description"]}
              value={since}
              onChange={(event) => keep({ since: event.currentTarget.value })}
              data-testid="absence-since"
            />
          </Group>
          <Group grow align="start">
            <TextInput
              type="date"
              label={t("absences.until")}
              value={until}
              min={from}
              onChange={(event) => keep({ until: event.currentTarget.value })}
              data-testid="absence-until"
            />
            <TextInput
              type="time"
              label={t("absences.till")}
              description={t("absences.till.help")}
              inputWrapperOrder={["label", "input", "description"]}
              value={till}
              onChange={(event) => keep({ till: event.currentTarget.value })}
              data-testid="absence-till"
            />
          </Group>
          <Textarea
            label={t("requests.note")}
            value={words}
            maxLength={512}
            autosize
            minRows={1}
            onChange={(event) => keep({ words: event.currentTarget.value })}
            data-testid="absence-words"
          />
          {error ? <Failed error={error} onClose={clear} /> : null}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close}>
              {t("admin.cancel")}
            </Button>
            <Button type="submit" loading={busy} disabled={!ready} data-testid="absence-send">
              {t("absences.enter")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** `09:30` as minutes of the day; nothing as 0. */
function minutesOf(text: string): number {
  const [hours = 0, minutes = 0] = text.split(":").map(Number);
  return hours * 60 + minutes;
}
