/** Open a shift of a published roster to bids. */

import { Button, Group, Modal, NumberInput, Select, Stack, Textarea, TextInput } from "@mantine/core";
import { useCallback, useState } from "react";
import { api } from "../../shared/api";
import { spanWords } from "../../shared/format";
import { useCommand, useLoad } from "../../shared/hooks";
import type { RosterOpeningShown, RosterProblemWhole, RosterVersionShown } from "../../shared/schema";
import { Failed, Loading } from "../../shared/states";
import { useWords } from "../../shared/words";
import { hoursOf } from "../days";

/** What of a problem's shift is told here; see the problem's schema. */
interface Shift {
  id: string;
  name?: string;
  start: number;
  length: number;
}

interface Props {
  onClose: () => void;
  onDone: (made: RosterOpeningShown) => void;
}

export function OpenShift({ onClose, onDone }: Props) {
  const { t, language } = useWords();
  const versions = useLoad(
    useCallback(() => api.get<RosterVersionShown[]>("/api/rosters/versions?current=true"), []),
  );
  const today = new Date().toISOString().slice(0, 10);
  const current = (versions.data ?? [])
    .filter((one) => one.end >= today)
    .sort((a, b) => (a.start < b.start ? -1 : 1));
  const [asked, setAsked] = useState<string | null>(null);
  const version = current.find((one) => String(one.id) === asked) ?? current[0] ?? null;
  const number = version?.problem ?? null;
  const problem = useLoad(
    useCallback(
      async () =>
        number === null ? null : await api.get<RosterProblemWhole>(`/api/rosters/problems/${number}`),
      [number],
    ),
  );
  const shifts = ((problem.data?.problem as { shifts?: Shift[] } | undefined)?.shifts ?? []) as Shift[];
  const [day, setDay] = useState("");
  const [shift, setShift] = useState<string | null>(null);
  const [places, setPlaces] = useState(1);
  const [note, setNote] = useState("");
  const { run, error, busy, clear } = useCommand();
  const inside = version !== null && day >= version.start && day <= version.end && day >= today;
  const ready = inside && shift !== null && places >= 1;
  const send = async () => {
    let made: RosterOpeningShown | null = null;
    const sent = await run(async () => {
      made = await api.post<RosterOpeningShown>(`/api/rosters/versions/${version?.id}/openings`, {
        day,
        shift,
        places,
        note,
      });
    });
    if (sent && made) onDone(made);
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("openings.open")}
      closeButtonProps={{ "aria-label": t("history.close") }}
      data-testid="open-shift"
    >
      {versions.error ? <Failed error={versions.error} retry={versions.reload} /> : null}
      {!versions.data && !versions.error ? <Loading /> : null}
      {versions.data ? (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (ready && !busy) void send();
          }}
        >
          <Stack gap="sm">
            <Select
              label={t("adherence.period")}
              data={current.map((one) => ({
                value: String(one.id),
                label: `${one.group} · ${spanWords(one.start, one.end, language)}`,
              }))}
              value={version ? String(version.id) : null}
              onChange={setAsked}
              allowDeselect={false}
              nothingFoundMessage={t("field.nothing")}
              data-testid="open-shift-roster"
            />
            <TextInput
              type="date"
              label={t("roster.ask.day")}
              value={day}
              min={version && version.start > today ? version.start : today}
              max={version?.end}
              onChange={(event) => setDay(event.currentTarget.value)}
              data-autofocus
              data-testid="open-shift-day"
            />
            {problem.error ? <Failed error={problem.error} retry={problem.reload} /> : null}
            <Select
              label={t("openings.shift")}
              data={shifts.map((one) => ({
                value: one.id,
                label: `${one.name || one.id} ${hoursOf(one.start, one.length)}`,
              }))}
              value={shift}
              onChange={setShift}
              nothingFoundMessage={t("field.nothing")}
              data-testid="open-shift-shift"
            />
            <NumberInput
              label={t("openings.places")}
              value={places}
              min={1}
              max={500}
              onChange={(next) => setPlaces(Number(next) || 0)}
            />
            <Textarea
              label={t("requests.note")}
              description={t("openings.note.help")}
              value={note}
              maxLength={512}
              autosize
              minRows={1}
              onChange={(event) => setNote(event.currentTarget.value)}
            />
            {error ? <Failed error={error} onClose={clear} /> : null}
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={onClose}>
                {t("admin.cancel")}
              </Button>
              <Button type="submit" loading={busy} disabled={!ready} data-testid="open-shift-send">
                {t("openings.open")}
              </Button>
            </Group>
          </Stack>
        </form>
      ) : null}
    </Modal>
  );
}
