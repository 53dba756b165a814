/** Ask for a swap, leave and the like; the judge says at once whether it goes. */

import { Button, Group, Modal, Select, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useCallback, useEffect, useMemo, useState } from "react";
import { api } from "../../shared/api";
import { dayWords } from "../../shared/format";
import { useCommand, useLoad } from "../../shared/hooks";
import { tellDone } from "../../shared/notice";
import { useSearch } from "../../shared/path";
import type {
  Me,
  MyRoster,
  RosterColleague,
  RosterRequestShown,
  RosterRequestVerdict,
} from "../../shared/schema";
import { Failed, sentence } from "../../shared/states";
import { useWords } from "../../shared/words";
import { hoursOf, isDay } from "../days";
import { keep, keptAt } from "../kept";
import { Verdict } from "../Verdict";
import { requestsChanged } from "../waiting";
import { bodies, complete, emptyForm, type Form, KINDS, type Kind, left, MOST_DAYS, readForm } from "./ask";

/** So long nothing is typed before the judge is asked, in ms. */
const SETTLED_MS = 250;

type Said =
  | { state: "none" | "asking" }
  | { state: "said"; verdicts: [string, RosterRequestVerdict | null][] }
  | { state: "refused"; error: unknown };

export function AskDialog({ me, today, onClose }: { me: Me; today: string; onClose: () => void }) {
  const { t, language } = useWords();
  const [search] = useSearch();
  const asked = KINDS.find((one) => one === search.get("ask")) ?? "swap";
  const day = search.get("day");
  const narrow = useMediaQuery("(max-width: 640px)");
  const place = keptAt(me.user, "ask");
  const [form, setForm] = useState<Form>(() => {
    const kept = readForm(sessionStorage.getItem(place));
    const wanted = isDay(day) ? day : today;
    return kept && kept.kind === asked && kept.day === wanted ? kept : emptyForm(asked, wanted);
  });
  const set = (change: Partial<Form>) => setForm((was) => ({ ...was, ...change }));
  useEffect(() => keep(place, JSON.stringify(form)), [place, form]);
  const close = () => {
    sessionStorage.removeItem(place);
    onClose();
  };

  const forTwo = form.kind === "swap" || form.kind === "give";
  const theirDay = form.kind === "swap" && form.otherDay ? form.otherDay : form.day;
  const colleagues = useLoad(
    useCallback(
      async () =>
        forTwo && isDay(theirDay)
          ? await api.get<RosterColleague[]>(`/api/rosters/mine/colleagues?day=${theirDay}`)
          : [],
      [forTwo, theirDay],
    ),
  );
  const own = useLoad(
    useCallback(
      async () =>
        isDay(form.day) ? await api.get<MyRoster>(`/api/rosters/mine?from=${form.day}&to=${form.day}`) : null,
      [form.day],
    ),
  );
  const said = useJudge(form);
  const { run, error, busy, clear } = useCommand();
  const people = useMemo(
    () =>
      new Map([
        [me.agent ?? "", me.name],
        ...(colleagues.data ?? []).map((one) => [one.person, one.name] as [string, string]),
      ]),
    [me, colleagues.data],
  );
  const send = async () => {
    let count = 0;
    const sent = await run(async () => {
      for (const body of bodies(form)) {
        await api.post<RosterRequestShown>("/api/rosters/mine/requests", body);
        count += 1;
      }
    });
    if (!sent) {
      // Days that were asked for are not asked for again.
      if (count) setForm(left(form, count));
      requestsChanged();
      return;
    }
    tellDone(t("roster.asked"));
    requestsChanged();
    close();
  };
  const mine = own.data?.shifts[0];
  const maySend = complete(form) && said.state !== "refused" && said.state !== "asking";
  return (
    <Modal
      opened
      onClose={close}
      title={t("roster.ask")}
      fullScreen={narrow}
      closeButtonProps={{ "aria-label": t("history.close") }}
      data-testid="ask-dialog"
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (maySend && !busy) void send();
        }}
      >
        <Stack gap="sm">
          <Select
            label={t("roster.ask.what")}
            data={KINDS.filter((one) => one !== "bid" || form.kind === "bid").map((one) => ({
              value: one,
              label: t(`roster.kind.${one}`),
            }))}
            value={form.kind}
            onChange={(kind) => kind && set({ kind: kind as Kind, until: form.day })}
            allowDeselect={false}
            description={t(`roster.kind.${form.kind}.help`)}
            data-autofocus
            data-testid="ask-kind"
          />
          <Group grow align="start">
            <TextInput
              type="date"
              label={t(form.kind === "leave" ? "roster.ask.from" : "roster.ask.day")}
              value={form.day}
              min={today}
              onChange={(event) => {
                const next = event.currentTarget.value;
                set({ day: next, until: form.until < next ? next : form.until });
              }}
              description={
                mine ? `${mine.name} ${hoursOf(mine.start, mine.length)}` : dayOff(own.data, form.day, t)
              }
              data-testid="ask-day"
            />
            {form.kind === "leave" ? (
              <TextInput
                type="date"
                label={t("roster.ask.until")}
                value={form.until}
                min={form.day}
                onChange={(event) => set({ until: event.currentTarget.value })}
                description={t("roster.ask.until.help", MOST_DAYS)}
                data-testid="ask-until"
              />
            ) : null}
            {form.kind === "swap" ? (
              <TextInput
                type="date"
                label={t("roster.ask.other_day")}
                value={form.otherDay || form.day}
                min={today}
                onChange={(event) => set({ otherDay: event.currentTarget.value })}
                description={t("roster.ask.other_day.help")}
                data-testid="ask-other-day"
              />
            ) : null}
          </Group>
          {forTwo ? (
            <>
              {colleagues.error ? <Failed error={colleagues.error} retry={colleagues.reload} /> : null}
              <Select
                label={t("roster.ask.other")}
                placeholder={t("roster.ask.other.choose")}
                data={(colleagues.data ?? []).map((one) => ({
                  value: one.person,
                  label: `${one.name || one.person} · ${
                    one.shift
                      ? `${one.shift.name} ${hoursOf(one.shift.start, one.shift.length)}`
                      : t("roster.off")
                  }`,
                }))}
                value={form.other || null}
                onChange={(other) => set({ other: other ?? "" })}
                searchable
                nothingFoundMessage={t(colleagues.data?.length ? "field.nothing" : "roster.ask.nobody")}
                description={
                  isDay(theirDay) ? t("roster.ask.other.help", dayWords(theirDay, language)) : undefined
                }
                data-testid="ask-other"
              />
            </>
          ) : null}
          {form.kind === "wish" ? (
            <Select
              label={t("roster.ask.wish")}
              data={[
                { value: "off", label: t("roster.ask.wish.off") },
                { value: "on", label: t("roster.ask.wish.on") },
              ]}
              value={form.want ? "on" : "off"}
              onChange={(next) => set({ want: next === "on" })}
              allowDeselect={false}
              data-testid="ask-want"
            />
          ) : null}
          <Textarea
            label={t("roster.ask.words")}
            description={t("roster.ask.words.help")}
            value={form.words}
            maxLength={512}
            autosize
            minRows={1}
            onChange={(event) => set({ words: event.currentTarget.value })}
            data-testid="ask-words"
          />
          <div aria-live="polite" className="judge">
            <Judged said={said} people={people} />
          </div>
          {error ? <Failed error={error} onClose={clear} /> : null}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close}>
              {t("admin.cancel")}
            </Button>
            <Button type="submit" loading={busy} disabled={!maySend} data-testid="ask-send">
              {t("roster.ask.send")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function dayOff(
  roster: MyRoster | null | undefined,
  day: string,
  t: ReturnType<typeof useWords>["t"],
): string {
  if (!roster) return "";
  if (roster.leave.includes(day)) return t("roster.leave");
  return t(roster.published.length ? "roster.off" : "roster.unpublished");
}

/** What the judge says of the form as it is now. */
function useJudge(form: Form): Said {
  const [said, setSaid] = useState<Said>({ state: "none" });
  const { words: _, ...judged } = form;
  const text = complete(form) ? JSON.stringify(bodies({ ...judged, words: "" })) : "";
  useEffect(() => {
    if (!text) {
      setSaid({ state: "none" });
      return;
    }
    let current = true;
    setSaid({ state: "asking" });
    const timer = setTimeout(async () => {
      try {
        const verdicts: [string, RosterRequestVerdict | null][] = [];
        for (const body of JSON.parse(text) as { day: string }[]) {
          const path = "/api/rosters/mine/requests/preview";
          verdicts.push([body.day, await api.post<RosterRequestVerdict | null>(path, body)]);
          if (!current) return;
        }
        setSaid({ state: "said", verdicts });
      } catch (error) {
        if (current) setSaid({ state: "refused", error });
      }
    }, SETTLED_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [text]);
  return said;
}

function Judged({ said, people }: { said: Said; people: ReadonlyMap<string, string> }) {
  const { t, language } = useWords();
  switch (said.state) {
    case "none":
      return null;
    case "asking":
      return (
        <Text size="sm" className="dim">
          {t("roster.verdict.asking")}
        </Text>
      );
    case "refused":
      return (
        <Text size="sm" c="var(--cf-bad)" data-testid="verdict" data-allowed="never">
          {sentence(said.error, t)}
        </Text>
      );
    case "said": {
      const [first] = said.verdicts;
      if (said.verdicts.length === 1) return <Verdict verdict={first?.[1] ?? null} people={people} brief />;
      const broken = said.verdicts.filter(([, verdict]) => verdict && !verdict.allowed);
      if (!broken.length) return <Verdict verdict={first?.[1] ?? null} people={people} brief />;
      return (
        <Stack gap="xs">
          {broken.map(([day, verdict]) => (
            <div key={day}>
              <Text size="sm" fw={600}>
                {dayWords(day, language)}
              </Text>
              <Verdict verdict={verdict} people={people} brief />
            </div>
          ))}
        </Stack>
      );
    }
  }
}
