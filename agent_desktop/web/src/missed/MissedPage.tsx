/** Callers nobody spoke with, each with one click to be called back, and the call-backs that are kept. */

import { Button, Group, Menu, Stack, Table, Text, Title } from "@mantine/core";
import { IconCheck, IconDownload, IconPhoneOutgoing } from "@tabler/icons-react";
import { useCallback, useState } from "react";
import { byName } from "../board/byName";
import { useLive } from "../session/session";
import { api } from "../shared/api";
import type { Floor } from "../shared/floor";
import { useFresh, useNow } from "../shared/hooks";
import { tellProblem } from "../shared/notice";
import { go } from "../shared/path";
import { SpanPicker, spanQuery, useSpan } from "../shared/SpanPicker";
import type { Kept, Me, MissedCaller, MissedReport } from "../shared/schema";
import { Failed, Loading, Nothing, Panel } from "../shared/states";
import { ago, clock, moment } from "../shared/time";
import { useTitle } from "../shared/title";
import type { CallbackView } from "../shared/types";
import { useWords } from "../shared/words";
import { wordOr } from "../shared/words/choice";
import { Callbacks } from "./Callbacks";
import { sameNumber } from "./sameNumber";

/** How often the list is read again, in milliseconds. */
const FRESH_MS = 20_000;

export function MissedPage({ me }: { me: Me }) {
  const { t } = useWords();
  const { floor } = useLive();
  const span = useSpan("today");
  const query = spanQuery(span);
  const { data, error, reload } = useFresh(
    useCallback(() => api.get<MissedReport>(`/api/reports/missed?${query}`), [query]),
    FRESH_MS,
  );
  const mayAct = me.role === "supervisor" || me.role === "admin";
  useTitle(t("missed.title"));
  return (
    <Stack gap="md" data-testid="missed">
      <Group justify="space-between">
        <Title order={1} size="h3">
          {t("missed.title")}
        </Title>
        <Group gap="xs">
          <SpanPicker span={span} />
          <Button
            component="a"
            href={`/api/reports/missed?${query}&format=csv`}
            download
            variant="subtle"
            color="gray"
            leftSection={<IconDownload size={16} />}
            data-testid="missed-csv"
          >
            CSV
          </Button>
        </Group>
      </Group>
      {error ? <Failed error={error} retry={reload} /> : null}
      <Panel testid="missed-list" label={t("missed.title")}>
        {!data && !error ? <Loading /> : null}
        {data?.callers.length === 0 ? (
          <Nothing
            icon={<IconCheck size={32} stroke={1.4} />}
            title={t("missed.none")}
            help={t("missed.none.help")}
            testid="missed-none"
          />
        ) : null}
        {data?.callers.length ? (
          <List callers={data.callers} floor={floor} mayAct={mayAct} onAsked={reload} />
        ) : null}
      </Panel>
      <Callbacks floor={floor} mayAct={mayAct} />
    </Stack>
  );
}

interface ListProps {
  callers: MissedCaller[];
  floor: Floor;
  mayAct: boolean;
  onAsked: () => void;
}

function List({ callers, floor, mayAct, onAsked }: ListProps) {
  const { t, language } = useWords();
  const now = useNow(floor.skew, 30_000);
  const kept = Object.values(floor.callbacks);
  return (
    <Table.ScrollContainer type="native" minWidth={900}>
      <Table className="board-table" verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("history.time")}</Table.Th>
            <Table.Th>{t("history.caller")}</Table.Th>
            <Table.Th>{t("history.queue")}</Table.Th>
            <Table.Th>{t("history.outcome")}</Table.Th>
            <Table.Th ta="right">{t("history.wait")}</Table.Th>
            <Table.Th ta="right">{t("missed.tries")}</Table.Th>
            {mayAct ? <Table.Th /> : null}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {callers.map((one) => (
            <Table.Tr key={one.call} data-testid={`missed-${one.call}`}>
              <Table.Td className="num">
                {moment(one.at, language)}
                <Text size="xs" className="dim">
                  {ago(now - one.at, language)}
                </Text>
              </Table.Td>
              <Table.Td>
                <a
                  className="link"
                  href={`/history/${encodeURIComponent(one.call)}`}
                  onClick={(event) => {
                    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
                    event.preventDefault();
                    go(`/history/${encodeURIComponent(one.call)}`);
                  }}
                >
                  {one.customer_name || (one.callable ? one.caller : t("call.anonymous"))}
                </a>
                <Text size="xs" className="dim num">
                  {[one.customer_name ? one.caller : "", one.tier_name].filter(Boolean).join(" · ")}
                </Text>
              </Table.Td>
              <Table.Td>{one.queue_name}</Table.Td>
              <Table.Td>
                {wordOr(t, "outcome.", one.outcome)}
                {mayAct ? <Messages ids={one.recordings} /> : null}
              </Table.Td>
              <Table.Td className="num" ta="right">
                {clock(one.waited_s)}
              </Table.Td>
              <Table.Td className="num" ta="right">
                {one.tries}
              </Table.Td>
              {mayAct ? (
                <Table.Td ta="right">
                  <CallBack caller={one} kept={kept} floor={floor} onAsked={onAsked} />
                </Table.Td>
              ) : null}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Messages({ ids }: { ids: string[] }) {
  const { t } = useWords();
  return ids.map((id) => (
    // biome-ignore lint/a11y/useMediaCaption: what somebody said on the telephone has no captions
    <audio
      key={id}
      controls
      preload="none"
      className="message"
      aria-label={t("history.recording")}
      src={`/api/history/recordings/${encodeURIComponent(id)}`}
    />
  ));
}

interface CallBackProps {
  caller: MissedCaller;
  kept: CallbackView[];
  floor: Floor;
  onAsked: () => void;
}

/** One click: the caller waits in their queue again, in the place they had. */
function CallBack({ caller, kept, floor, onAsked }: CallBackProps) {
  const { t } = useWords();
  const [busy, setBusy] = useState(false);
  if (!caller.callable) return null;
  if (kept.some((one) => sameNumber(one.number, caller.caller)))
    return (
      <Group gap={6} justify="flex-end" wrap="nowrap" data-testid="missed-kept">
        <IconCheck size={16} color="var(--mantine-color-teal-6)" aria-hidden />
        <Text size="sm">{t("missed.kept")}</Text>
      </Group>
    );
  const ask = async (queue: string) => {
    setBusy(true);
    try {
      await api.post<Kept>("/api/floor/callbacks", { number: caller.caller, queue, since: caller.at });
      onAsked();
    } catch (problem) {
      tellProblem(problem, t);
    } finally {
      setBusy(false);
    }
  };
  const button = {
    size: "compact-sm",
    variant: "light",
    loading: busy,
    leftSection: <IconPhoneOutgoing size={15} />,
    "data-testid": "call-back",
  } as const;
  if (caller.queue && caller.queue in floor.queues) {
    const queue = caller.queue;
    return (
      <Button {...button} onClick={() => void ask(queue)}>
        {t("missed.call_back")}
      </Button>
    );
  }
  // They got no further than the menu: somebody must say who calls.
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button {...button}>{t("missed.call_back")}</Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t("missed.through")}</Menu.Label>
        {Object.values(floor.queues)
          .sort(byName)
          .map((queue) => (
            <Menu.Item key={queue.id} onClick={() => void ask(queue.id)}>
              {queue.name}
            </Menu.Item>
          ))}
      </Menu.Dropdown>
    </Menu>
  );
}
