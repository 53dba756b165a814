/** What an agent serves and is good at, changed for good from the board. */

import { Button, Group, Modal, MultiSelect, Stack, Text } from "@mantine/core";
import { type FormEvent, useCallback, useState } from "react";
import { api } from "../shared/api";
import type { Floor } from "../shared/floor";
import { useCommand, useLoad } from "../shared/hooks";
import { tellDone } from "../shared/notice";
import { Failed, Loading } from "../shared/states";
import type { AgentView } from "../shared/types";
import { useWords } from "../shared/words";
import { byName } from "./byName";

interface AgentRow {
  queues: (string | { queue: string })[];
  skills: string[];
}
interface SkillRow {
  id: string;
  name: string;
}
interface Loaded {
  agent: AgentRow;
  skills: SkillRow[];
}
interface Props {
  agent: AgentView;
  floor: Floor;
  onClose: () => void;
}

export function Abilities({ agent, floor, onClose }: Props) {
  const { t } = useWords();
  const id = encodeURIComponent(agent.id);
  const load = useCallback(async (): Promise<Loaded> => {
    const [row, skills] = await Promise.all([
      api.get<AgentRow>(`/api/admin/agents/${id}`),
      api.get<SkillRow[]>("/api/admin/skills"),
    ]);
    return { agent: row, skills };
  }, [id]);
  const { data, error, reload } = useLoad(load);
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("abilities.title", agent.name)}
      closeButtonProps={{ "aria-label": t("history.close") }}
      data-testid="abilities"
    >
      {error ? <Failed error={error} retry={reload} /> : null}
      {!data && !error ? <Loading /> : null}
      {data ? <Form data={data} id={id} name={agent.name} floor={floor} onClose={onClose} /> : null}
    </Modal>
  );
}

interface FormProps {
  data: Loaded;
  id: string;
  name: string;
  floor: Floor;
  onClose: () => void;
}

function Form({ data, id, name, floor, onClose }: FormProps) {
  const { t } = useWords();
  const [queues, setQueues] = useState(() =>
    data.agent.queues.map((one) => (typeof one === "string" ? one : one.queue)),
  );
  const [skills, setSkills] = useState(data.agent.skills);
  const { run, error, busy } = useCommand();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (await run(() => api.post(`/api/floor/agents/${id}/skills`, { queues, skills }))) {
      tellDone(t("admin.saved", name));
      onClose();
    }
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack gap="md">
        <MultiSelect
          label={t("field.queues")}
          data={Object.values(floor.queues)
            .sort(byName)
            .map((q) => ({ value: q.id, label: q.name }))}
          value={queues}
          onChange={setQueues}
          searchable
          nothingFoundMessage={t("field.nothing")}
          data-autofocus
          data-testid="abilities-queues"
        />
        <MultiSelect
          label={t("field.skills")}
          data={skillChoices(data.skills, skills)}
          value={skills}
          onChange={setSkills}
          searchable
          nothingFoundMessage={t("field.nothing")}
          data-testid="abilities-skills"
        />
        <Text size="sm" className="dim">
          {t("abilities.help")}
        </Text>
        {error ? <Failed error={error} /> : null}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t("admin.cancel")}
          </Button>
          <Button type="submit" loading={busy} data-testid="abilities-go">
            {t("admin.save")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Every skill there is, at its first level or at the level this agent has. */
function skillChoices(all: SkillRow[], own: string[]): { value: string; label: string }[] {
  const levels = new Map(own.map((text) => [text.split("/")[0], text.split("/")[1]]));
  return [...all].sort(byName).flatMap((skill) => {
    const level = levels.get(skill.id);
    const plain = { value: skill.id, label: skill.name };
    return level ? [{ value: `${skill.id}/${level}`, label: `${skill.name} ${level}` }] : [plain];
  });
}
