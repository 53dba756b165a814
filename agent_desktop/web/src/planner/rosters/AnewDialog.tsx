/** A day anew: somebody is ill, more people call, breaks or duties shall be placed again. Looked at, then taken. */

import {
  Button,
  Checkbox,
  Group,
  Modal,
  MultiSelect,
  NumberInput,
  Progress,
  SegmentedControl,
  Select,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { type FormEvent, useCallback, useEffect, useState } from "react";
import { keep } from "../../rosters/kept";
import { api, Problem } from "../../shared/api";
import { dayWords, percentWords } from "../../shared/format";
import { useCommand } from "../../shared/hooks";
import { minuteText, ZoneClock } from "../../shared/plot/zone";
import { known } from "../../shared/refusal";
import type { RosterProposalShown } from "../../shared/schema";
import { Failed } from "../../shared/states";
import { useWords } from "../../shared/words";
import { anewBody, isOf, readSought, type Sought, type Wanted } from "./anew";
import { ChangeTable } from "./ChangeTable";
import { keyOf, type Rostered } from "./edits";
import type { Plan } from "./problem";
import { Difference } from "./Said";

interface Props {
  plan: Plan;
  roster: Rostered;
  day: string;
  /** `/api/rosters/drafts/1` or that of a published one. */
  path: string;
  /** Kinds of work whose calls may be more. */
  demands: readonly string[];
  published: boolean;
  /** Where a proposal under way is kept. */
  place: string;
  onDone: (made: NonNullable<RosterProposalShown["accepted"]>) => void;
  onClose: () => void;
}

const POLL_MS = 500;
const STEP = 15;
const ACTIVE: readonly RosterProposalShown["state"][] = ["queued", "running"];

export function AnewDialog(props: Props) {
  const { plan, roster, day, path, demands, published, place, onDone, onClose } = props;
  const { t, language } = useWords();
  // Was the page loaded anew while one was sought, it is taken up again.
  const [before] = useState(() => {
    const found = readSought(sessionStorage.getItem(place));
    return found?.asked.day === day ? found : null;
  });
  const [kind, setKind] = useState(before?.asked.kind ?? "replan");
  const [ill, setIll] = useState<string[]>([...(before?.asked.ill ?? [])]);
  const [from, setFrom] = useState(() => String(before?.asked.from ?? beginning(plan, day)));
  const [name, setName] = useState(before?.asked.name ?? null);
  const [more, setMore] = useState<number | string>(before?.asked.more ?? 20);
  const [note, setNote] = useState("");
  const [proposal, setProposal] = useState<RosterProposalShown | null>(null);
  const [number, setNumber] = useState(before?.number ?? null);
  const [asked, setAsked] = useState<Wanted | null>(before?.asked ?? null);
  const [despite, setDespite] = useState(false);
  const { run, error, busy, clear } = useCommand();
  const working = plan.file.people.filter((one) => roster.has(keyOf(one.id, day)));
  const reserve = plan.file.shifts.some((one) => one.reserve);
  const active = number !== null && (proposal === null || ACTIVE.includes(proposal.state));
  const forget = useCallback(() => {
    sessionStorage.removeItem(place);
    setNumber(null);
    setProposal(null);
  }, [place]);
  useEffect(() => {
    if (!active || number === null) return;
    let current = true;
    const timer = setInterval(() => {
      api.get<RosterProposalShown>(`/api/rosters/proposals/${number}`).then(
        (found) => {
          if (!current) return;
          // Accepted or given up meanwhile, it is nothing to look at any more.
          if (found.accepted || found.state === "cancelled") forget();
          else setProposal(found);
        },
        (problem: unknown) => {
          if (current && problem instanceof Problem && problem.status === 404) forget();
          // Else it is not reached now, and asked again.
        },
      );
    }, POLL_MS);
    return () => {
      current = false;
      clearInterval(timer);
    };
  }, [active, number, forget]);
  const wanted: Wanted = { kind, day, from: Number(from), ill, name, more: Number(more) };
  const ask = async (event: FormEvent) => {
    event.preventDefault();
    forget();
    setAsked(wanted);
    setDespite(false);
    await run(async () => {
      const made = await api.post<RosterProposalShown>(`${path}/proposals`, anewBody(wanted));
      keep(place, JSON.stringify({ number: made.id, asked: wanted } satisfies Sought));
      setNumber(made.id);
      setProposal(made);
    });
  };
  const accept = (as: "version" | "draft") =>
    run(async () => {
      const made = await api.post<RosterProposalShown>(`/api/rosters/proposals/${number}/accept`, {
        as,
        note,
        despite: as === "version" && despite,
      });
      sessionStorage.removeItem(place);
      if (made.accepted) onDone(made.accepted);
    });
  const giveUp = () => {
    if (active) void api.post(`/api/rosters/proposals/${number}/cancel`).catch(() => undefined);
    forget();
  };
  const close = () => {
    giveUp();
    onClose();
  };
  const proposed = isOf(asked, wanted) ? (proposal?.proposed ?? null) : null;
  /** It would be published though it breaks a hard rule, as the one in force may already. */
  const broken = published && proposed?.difference.legal === false;
  const can = kind !== "replan" || ill.length > 0 || name;
  return (
    <Modal
      opened
      onClose={close}
      title={t("sched.anew.title", dayWords(day, language))}
      size="lg"
      closeButtonProps={{ "aria-label": t("history.close") }}
      data-testid="anew"
    >
      <form onSubmit={ask} onChange={clear}>
        <Stack gap="sm">
          <SegmentedControl
            aria-label={t("sched.anew")}
            value={kind}
            onChange={(next) => {
              setKind(next as typeof kind);
              giveUp();
            }}
            data={[
              { value: "replan", label: t("sched.anew.replan") },
              { value: "breaks", label: t("sched.anew.breaks") },
              ...(reserve ? [{ value: "duties", label: t("sched.anew.duties") }] : []),
            ]}
          />
          {kind === "replan" ? (
            <MultiSelect
              label={t("sched.anew.ill")}
              placeholder={ill.length ? undefined : t("sched.anew.ill.nobody")}
              data={working.map((one) => ({ value: one.id, label: plan.name(one.id) }))}
              value={ill}
              onChange={setIll}
              searchable
              data-autofocus
              data-testid="anew-ill"
            />
          ) : null}
          <Group grow align="flex-start">
            <Select
              label={t("sched.anew.from")}
              description={t("sched.anew.from.help")}
              data={Array.from({ length: 1440 / STEP }, (_, n) => ({
                value: String(n * STEP),
                label: minuteText(n * STEP),
              }))}
              value={from}
              onChange={(next) => next && setFrom(next)}
              allowDeselect={false}
              searchable
            />
            {kind !== "breaks" && demands.length ? (
              <Select
                label={t("sched.anew.more")}
                description={t("sched.anew.more.help")}
                placeholder={t("sched.anew.more.none")}
                data={[...demands]}
                value={name}
                onChange={setName}
                clearable
              />
            ) : null}
            {kind !== "breaks" && name ? (
              <NumberInput
                label={t("sched.anew.percent")}
                description={"\u00a0"}
                value={more}
                onChange={setMore}
                min={-90}
                max={300}
                suffix=" %"
                allowDecimal={false}
              />
            ) : null}
          </Group>
          {error ? <Failed error={error} /> : null}
          {active ? (
            <Progress.Root size="lg">
              <Progress.Section
                value={Math.max(2, (proposal?.progress ?? 0) * 100)}
                animated
                aria-label={t("sched.anew.seeking")}
              />
            </Progress.Root>
          ) : null}
          {proposal?.trouble ? (
            <Text size="sm" c="var(--cf-bad)" role="alert">
              {known(proposal.trouble, t) ?? proposal.trouble}
            </Text>
          ) : null}
          {proposed ? (
            <section aria-label={t("sched.anew")} data-testid="anew-proposed">
              <Text size="sm" fw={600}>
                {t(
                  "sched.anew.moved",
                  proposed.moved,
                  proposed.shifts,
                  percentWords(proposed.share * 100, language),
                  proposed.breaks,
                )}
              </Text>
              <Difference plan={plan} difference={proposed.difference} brief />
              {proposed.changes.length ? (
                <div className="verdict-list">
                  <ChangeTable plan={plan} changes={proposed.changes} />
                </div>
              ) : null}
              <TextInput
                mt="xs"
                label={t("sched.note")}
                value={note}
                onChange={(event) => setNote(event.currentTarget.value)}
                maxLength={512}
              />
              {broken ? (
                <Checkbox
                  mt="xs"
                  label={t("sched.publish.despite")}
                  checked={despite}
                  onChange={(event) => setDespite(event.currentTarget.checked)}
                  data-testid="anew-despite"
                />
              ) : null}
            </section>
          ) : null}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close}>
              {t("admin.cancel")}
            </Button>
            <Button
              type="submit"
              variant={proposed ? "default" : "filled"}
              disabled={!can || active}
              loading={busy && !proposed}
              data-testid="anew-go"
            >
              {t(proposed ? "sched.anew.again" : "sched.anew.go")}
            </Button>
            {proposed ? (
              <>
                {published ? (
                  <Button variant="default" onClick={() => void accept("draft")} disabled={busy}>
                    {t("sched.anew.as_draft")}
                  </Button>
                ) : null}
                <Button
                  onClick={() => void accept(published ? "version" : "draft")}
                  loading={busy}
                  disabled={broken && !despite}
                  data-testid="anew-accept"
                >
                  {t(published ? "sched.anew.publish" : "sched.anew.accept")}
                </Button>
              </>
            ) : null}
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** Now, if the day is today: what has begun stays as it is. */
function beginning(plan: Plan, day: string): number {
  const clock = new ZoneClock(plan.zone);
  const now = Date.now();
  const today = new Date(clock.wall(now)).toISOString().slice(0, 10);
  return day === today ? Math.min(1440 - STEP, Math.ceil(clock.minute(now) / STEP) * STEP) : 0;
}
