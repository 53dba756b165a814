import { Drawer, Group, SimpleGrid, Stack, Table, Text } from "@mantine/core";
import { useCallback, useState } from "react";
import { filterWords } from "../desk/filtered";
import { useLive } from "../session/session";
import { api } from "../shared/api";
import type { Floor } from "../shared/floor";
import { useLoad } from "../shared/hooks";
import type { CallDetail as Detailed, Story, StoryLine, Visit } from "../shared/schema";
import { Failed, Loading } from "../shared/states";
import { clock, clockOr, moment, timeOfDay } from "../shared/time";
import { useWords } from "../shared/words";
import { choiceName, wordOr } from "../shared/words/choice";
import { considered, detail, type Names } from "./tell";
import { told } from "./told";

interface Props {
  id: string | null;
  onClose: () => void;
  canListen: boolean;
}

export function CallDetail({ id, onClose, canListen }: Props) {
  const { t } = useWords();
  return (
    <Drawer
      opened={id !== null}
      onClose={onClose}
      position="right"
      size={620}
      title={t("history.call")}
      closeButtonProps={{ "aria-label": t("history.close") }}
      data-testid="history-detail"
    >
      {id ? <Detail key={id} id={id} canListen={canListen} /> : null}
    </Drawer>
  );
}

function Detail({ id, canListen }: { id: string; canListen: boolean }) {
  const { t, language } = useWords();
  const { floor } = useLive();
  const at = encodeURIComponent(id);
  const call = useLoad(useCallback(() => api.get<Detailed>(`/api/history/calls/${at}`), [at]));
  const why = useLoad(useCallback(() => api.get<Story>(`/api/history/calls/${at}/why`), [at]));
  if (call.error) return <Failed error={call.error} retry={call.reload} />;
  if (!call.data) return <Loading />;
  const c = call.data;
  const names = namesOf(c, floor, language);
  const facts: [string, string][] = [
    [t("history.caller"), [c.customer_name, c.caller].filter(Boolean).join(" · ") || t("call.anonymous")],
    [t("history.tier"), c.tier_name ?? ""],
    [t("history.dialled"), c.dialled],
    [t("history.queue"), c.queue_name ?? ""],
    [t("history.agent"), c.agent_name ?? ""],
    [t("history.direction"), c.direction === "out" ? t("history.out") : ""],
    [t("history.outcome"), wordOr(t, "outcome.", c.outcome)],
    [t("history.transferred_to"), c.transferred_to],
    [t("history.ended_by"), wordOr(t, "by.", c.ended_by)],
    [t("history.started"), moment(c.started, language, true)],
    [t("history.answered"), moment(c.answered, language, true)],
    [t("history.ended"), moment(c.ended, language, true)],
    [t("history.wait"), clockOr(c.wait_s)],
    [t("history.talk"), clockOr(c.talk_s)],
    [t("history.hold"), clockOr(c.hold_s)],
    [t("wrap.title"), c.wrap_s ? clock(c.wrap_s) : ""],
    [t("history.digits"), c.digits],
    [t("history.code"), c.code ? choiceName(floor.wrap_up_codes, c.code, language) : ""],
    ...Object.entries(c.marks).map(([name, value]): [string, string] => [
      wordOr(t, "mark.", name),
      name === "purpose"
        ? choiceName(floor.wrap_up_codes, value, language)
        : name === "consent"
          ? wordOr(t, "consent.", value)
          : value,
    ]),
  ];
  return (
    <Stack gap="lg">
      <SimpleGrid cols={2} spacing="md" verticalSpacing={4} data-testid="history-facts">
        {facts.map(([name, value]) =>
          value ? (
            <Group key={name} gap="xs" wrap="nowrap" align="baseline">
              <Text size="sm" className="dim" w={88} style={{ flex: "none" }}>
                {name}
              </Text>
              <Text size="sm" style={{ overflowWrap: "anywhere" }}>
                {value}
              </Text>
            </Group>
          ) : null,
        )}
      </SimpleGrid>
      {c.path.length ? (
        <Group gap="xs" wrap="nowrap" align="baseline">
          <Text size="sm" className="dim" w={88} style={{ flex: "none" }}>
            {t("history.path")}
          </Text>
          <Text size="sm" style={{ overflowWrap: "anywhere" }}>
            {c.path.join(" › ")}
          </Text>
        </Group>
      ) : null}
      {c.note ? (
        <div>
          <Text fw={600} size="sm">
            {t("history.note")}
          </Text>
          <Text size="sm" className="note" data-testid="history-note">
            {c.note}
          </Text>
        </div>
      ) : null}
      {c.recording && canListen ? (
        <div>
          <Text fw={600} size="sm" mb={4}>
            {t("history.recording")}
          </Text>
          {/* biome-ignore lint/a11y/useMediaCaption: a phone call has no captions */}
          <audio
            controls
            preload="none"
            style={{ width: "100%" }}
            src={`/api/history/recordings/${encodeURIComponent(c.recording)}`}
            data-testid="history-recording"
          />
        </div>
      ) : null}
      {c.visits.length ? <Visits visits={c.visits} /> : null}
      <div data-testid="history-story">
        <Text fw={600} size="sm" mb={6}>
          {t("history.story")}
        </Text>
        {why.error ? <Failed error={why.error} retry={why.reload} /> : null}
        {!why.data && !why.error ? <Loading /> : null}
        {why.data?.story.length === 0 ? (
          <Text size="sm" className="dim">
            {t("history.nostory")}
          </Text>
        ) : null}
        <Stack gap={4}>
          {told(why.data?.story ?? []).map((line, n) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the story is read whole and never reordered
            <Group key={n} gap="sm" wrap="nowrap" align="baseline">
              <Text size="sm" className="num dim" style={{ flex: "none" }}>
                {timeOfDay(line.at, language)}
              </Text>
              <div>
                <Text size="sm">{wordOr(t, "story.", line.what)}</Text>
                <Text size="xs" className="dim note">
                  {detail(line, { t, names })}
                </Text>
                <Looked line={line} names={names} />
              </div>
            </Group>
          ))}
        </Stack>
      </div>
    </Stack>
  );
}

/** Names by id: of the floor for who sees it, of the call itself for everybody. */
function namesOf(call: Detailed, floor: Floor, language: string): Names {
  const agents = new Map(call.visits.map((one) => [one.agent ?? "", one.agent_name]));
  const queues = new Map(call.visits.map((one) => [one.queue, one.queue_name]));
  return {
    agent: (id) => floor.agents[id]?.name ?? agents.get(id) ?? (id === call.agent ? call.agent_name : id),
    queue: (id) => floor.queues[id]?.name ?? queues.get(id) ?? (id === call.queue ? call.queue_name : id),
    tier: (id) => (id === call.tier ? call.tier_name : id),
    code: (id) => choiceName(floor.wrap_up_codes, id, language),
  };
}

/** Most agents told of one offer before somebody asks for the others. */
const MOST = 4;

/** Who was looked at for an offer: those who could have had it, then what ruled the others out. */
function Looked({ line, names }: { line: StoryLine; names: Names }) {
  const { t } = useWords();
  const [all, setAll] = useState(false);
  const agents = considered(line);
  if (!agents.length) return null;
  return (
    <ul className="looked">
      {agents.slice(0, all ? agents.length : MOST).map((one) => (
        <li key={one.agent} className={one.agent === line.params.agent ? "chosen" : ""}>
          {names.agent(one.agent)}{" "}
          <span className="dim">
            {one.filtered
              ? filterWords(one.filtered, t, names.agent)
              : [
                  t("desk.why.handled", clock(one.handled_s)),
                  t("desk.why.idle", clock(one.idle_s)),
                  one.missed ? t("board.missed", one.missed) : "",
                ]
                  .filter(Boolean)
                  .join(" · ")}
          </span>
        </li>
      ))}
      {agents.length > MOST && !all ? (
        <li>
          <button type="button" className="link dim" onClick={() => setAll(true)}>
            {t("standing.more", agents.length - MOST)}
          </button>
        </li>
      ) : null}
    </ul>
  );
}

function Visits({ visits }: { visits: Visit[] }) {
  const { t, language } = useWords();
  return (
    <div data-testid="history-visits">
      <Text fw={600} size="sm" mb={4}>
        {t("history.visits")}
      </Text>
      <Table verticalSpacing={4} horizontalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("history.queue")}</Table.Th>
            <Table.Th>{t("history.entered")}</Table.Th>
            <Table.Th ta="right">{t("history.wait")}</Table.Th>
            <Table.Th>{t("history.outcome")}</Table.Th>
            <Table.Th>{t("history.agent")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {visits.map((one) => (
            <Table.Tr key={one.number}>
              <Table.Td>{one.queue_name}</Table.Td>
              <Table.Td className="num">{timeOfDay(one.entered, language)}</Table.Td>
              <Table.Td className="num" ta="right">
                {clockOr((one.left - one.entered) / 1000)}
              </Table.Td>
              <Table.Td>{wordOr(t, "outcome.", one.outcome)}</Table.Td>
              <Table.Td>{one.agent_name}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
