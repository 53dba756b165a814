/** Why nobody takes a waiting call: where it stands, what it asks for, and what rules each agent out. */

import { Badge, Button, Group, Modal, Stack, Table, Text } from "@mantine/core";
import { useCallback, useState } from "react";
import { filterWords } from "../desk/filtered";
import { api, Problem } from "../shared/api";
import { useCommand, useFresh } from "../shared/hooks";
import type { Looked, StandingOfCall } from "../shared/schema";
import { Failed, Loading, Nothing } from "../shared/states";
import { clock, clockOr } from "../shared/time";
import type { CallView } from "../shared/types";
import { useWords, type Words } from "../shared/words";

/** How often it is looked again while it is open, in milliseconds. */
const FRESH_MS = 3000;
/** Most agents listed; the rest is counted. */
const MOST = 12;

interface Props {
  call: CallView;
  onClose: () => void;
}

export function StandingDialog({ call, onClose }: Props) {
  const { t } = useWords();
  return (
    <Modal
      opened
      onClose={onClose}
      size={640}
      title={t("standing.title", call.customer_name || call.caller || t("call.anonymous"))}
      closeButtonProps={{ "aria-label": t("history.close") }}
      data-testid="standing"
    >
      <Looking call={call} onClose={onClose} />
    </Modal>
  );
}

function Looking({ call, onClose }: Props) {
  const { t } = useWords();
  const at = `/api/floor/calls/${encodeURIComponent(call.id)}`;
  const { data, error, reload } = useFresh(
    useCallback(() => api.get<StandingOfCall>(`${at}/standing`), [at]),
    FRESH_MS,
  );
  const { run, error: refused, busy } = useCommand();
  const [all, setAll] = useState(false);
  if (call.phase !== "waiting" || (error instanceof Problem && error.status === 404))
    return <Nothing title={t("standing.over")} />;
  if (error) return <Failed error={error} retry={reload} />;
  if (!data) return <Loading />;
  const able = data.candidates.filter((one) => !one.filtered);
  const shown = all ? data.candidates : data.candidates.slice(0, MOST);
  const name = (agent: string) => (agent === data.held_for ? data.held_for_name : agent);
  const assign = async (agent: string) => {
    if (await run(() => api.post(`${at}/assign`, { agent }))) onClose();
  };
  const facts: [string, string][] = [
    [t("standing.position"), String(data.position)],
    [t("standing.waited"), clock(data.waited_s)],
    [t("board.estimate"), clockOr(data.estimate_s)],
    [t("standing.priority"), String(Math.round(data.priority * 10) / 10)],
    [t("standing.level"), data.level > 1 ? String(data.level) : ""],
    [t("standing.steps"), data.steps_done.map((n) => n + 1).join(t("list.comma"))],
    [t("standing.held"), data.held_for_name],
  ];
  return (
    <Stack gap="md">
      <Text size="sm" fw={600} data-testid="standing-says">
        {says(data, able, t)}
      </Text>
      <Group gap="6px 22px">
        {facts.map(([name, value]) =>
          value ? (
            <Text key={name} size="sm">
              <span className="dim">{name} </span>
              <span className="num">{value}</span>
            </Text>
          ) : null,
        )}
        {data.skills.length ? (
          <Group gap={6}>
            <Text size="sm" className="dim">
              {t("standing.skills")}
            </Text>
            {data.skills.map((skill) => (
              <Badge key={skill} variant="outline" tt="none">
                {skill}
              </Badge>
            ))}
          </Group>
        ) : null}
      </Group>
      {refused ? <Failed error={refused} /> : null}
      {shown.length ? (
        <Table verticalSpacing={4} horizontalSpacing={6} data-testid="standing-candidates">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("board.agent")}</Table.Th>
              <Table.Th>{t("standing.why_not")}</Table.Th>
              <Table.Th />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.map((one) => (
              <Table.Tr key={one.agent} data-testid={`candidate-${one.agent}`}>
                <Table.Td>{one.name}</Table.Td>
                <Table.Td className={one.filtered ? "" : "dim"}>
                  {one.filtered
                    ? filterWords(one.filtered, t, name)
                    : t("standing.able", clock(one.handled_s))}
                </Table.Td>
                <Table.Td ta="right">
                  <Button
                    size="compact-xs"
                    variant="default"
                    loading={busy}
                    onClick={() => void assign(one.agent)}
                    disabled={one.filtered === "state: signed_out"}
                    aria-label={`${t("standing.give")}: ${one.name}`}
                  >
                    {t("standing.give")}
                  </Button>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      ) : null}
      {data.candidates.length > shown.length ? (
        <Button variant="subtle" color="gray" size="compact-sm" onClick={() => setAll(true)}>
          {t("standing.more", data.candidates.length - shown.length)}
        </Button>
      ) : null}
    </Stack>
  );
}

/** The whole of it in one sentence. */
function says(standing: StandingOfCall, able: Looked[], t: Words["t"]): string {
  if (standing.held_for) return t("standing.says.held", standing.held_for_name);
  if (!standing.candidates.length) return t("standing.says.nobody");
  if (able.length) return t("standing.says.soon");
  const out = standing.candidates.filter((one) => one.filtered === "state: signed_out");
  if (out.length === standing.candidates.length) return t("standing.says.out");
  const lacks = standing.candidates.filter((one) => one.filtered.startsWith("skill: "));
  if (lacks.length + out.length === standing.candidates.length)
    return t("standing.says.skills", standing.skills.join(t("list.comma")));
  return t("standing.says.busy");
}
