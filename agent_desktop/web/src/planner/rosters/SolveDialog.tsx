/** How long the solver may seek, and from where it begins. */

import { Button, Group, Modal, NumberInput, Select, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { api } from "../../shared/api";
import { useCommand } from "../../shared/hooks";
import type { RosterDraftShown, RosterJobShown, RosterProblemShown } from "../../shared/schema";
import { Failed } from "../../shared/states";
import { useWords } from "../../shared/words";

interface Props {
  problem: RosterProblemShown;
  drafts: readonly RosterDraftShown[];
  onAsked: (job: RosterJobShown) => void;
  onClose: () => void;
}

export function SolveDialog({ problem, drafts, onAsked, onClose }: Props) {
  const { t } = useWords();
  const [name, setName] = useState(problem.name);
  const [seconds, setSeconds] = useState<number | string>(60);
  const [seed, setSeed] = useState<number | string>(1);
  const [from, setFrom] = useState<string | null>(null);
  const { run, error, busy } = useCommand();
  const ask = async (event: FormEvent) => {
    event.preventDefault();
    await run(async () => {
      const job = await api.post<RosterJobShown>(`/api/rosters/problems/${problem.id}/solve`, {
        name: name.trim() || problem.name,
        seconds: Number(seconds) || 60,
        seed: Number(seed) || 0,
        ...(from ? { from_draft: Number(from) } : {}),
      });
      onAsked(job);
      onClose();
    });
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("sched.solve.title", problem.name)}
      closeButtonProps={{ "aria-label": t("history.close") }}
      data-testid="solve-dialog"
    >
      <form onSubmit={ask}>
        <Stack gap="sm">
          <TextInput
            label={t("sched.solve.name")}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            maxLength={128}
            data-autofocus
          />
          <Group grow align="flex-start">
            <NumberInput
              label={t("sched.solve.seconds")}
              description={t("sched.solve.seconds.help")}
              value={seconds}
              onChange={setSeconds}
              min={1}
              max={3600}
              allowDecimal={false}
              data-testid="solve-seconds"
            />
            <NumberInput
              label={t("sched.solve.seed")}
              description={t("sched.solve.seed.help")}
              value={seed}
              onChange={setSeed}
              min={0}
              max={2_147_483_647}
              allowDecimal={false}
            />
          </Group>
          {drafts.length ? (
            <Select
              label={t("sched.solve.from")}
              placeholder={t("sched.solve.from.none")}
              data={drafts.map((one) => ({ value: String(one.id), label: `${one.name} (${one.id})` }))}
              value={from}
              onChange={setFrom}
              clearable
            />
          ) : null}
          {error ? <Failed error={error} /> : null}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t("admin.cancel")}
            </Button>
            <Button type="submit" loading={busy} data-testid="solve-go">
              {t("sched.solve")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
