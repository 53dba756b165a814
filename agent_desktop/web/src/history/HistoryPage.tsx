/** Finished calls: search, then one call with its story. */

import { Group, Stack, Table, Text, TextInput, Title } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useCallback, useState } from "react";
import { useLive } from "../session/session";
import { api } from "../shared/api";
import { useLoad } from "../shared/hooks";
import { go, usePath } from "../shared/path";
import type { CallSummary, Me } from "../shared/schema";
import { Failed, Loading, Nothing, Panel } from "../shared/states";
import { clockOr, moment } from "../shared/time";
import { useTitle } from "../shared/title";
import { useWords } from "../shared/words";
import { choiceName, wordOr } from "../shared/words/choice";
import { CallDetail } from "./CallDetail";
import { historyQuery } from "./query";

/** Most calls listed at once. */
const LISTED = 200;

export function HistoryPage({ me }: { me: Me }) {
  const { t, language } = useWords();
  const { floor } = useLive();
  const [text, setText] = useState("");
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  const [q] = useDebouncedValue(text, 300);
  const open = decodeURIComponent(usePath().slice("/history/".length)) || null;
  const setOpen = (id: string | null) => go(id ? `/history/${encodeURIComponent(id)}` : "/history");
  const load = useCallback(
    () => api.get<CallSummary[]>(`/api/history/calls?${historyQuery(q, from, to, LISTED)}`),
    [q, from, to],
  );
  const { data, error, reload } = useLoad(load);
  const asked = Boolean(q.trim() || from || to);
  useTitle(t("history.title"));
  return (
    <Stack gap="md" data-testid="history">
      <Group justify="space-between" align="flex-end">
        <Title order={1} size="h3">
          {t("history.title")}
        </Title>
        <Group gap="xs" align="flex-end">
          <TextInput
            w={280}
            placeholder={t("history.search")}
            aria-label={t("history.search")}
            value={text}
            onChange={(e) => setText(e.currentTarget.value)}
            data-testid="history-search"
          />
          <TextInput
            type="date"
            label={t("history.from")}
            max={to || undefined}
            value={from}
            onChange={(e) => setFrom(e.currentTarget.value)}
            data-testid="history-from"
          />
          <TextInput
            type="date"
            label={t("history.to")}
            min={from || undefined}
            value={to}
            onChange={(e) => setTo(e.currentTarget.value)}
            data-testid="history-to"
          />
        </Group>
      </Group>
      {error ? <Failed error={error} retry={reload} /> : null}
      <Panel testid="history-list" label={t("history.title")}>
        {!data && !error ? <Loading /> : null}
        {data?.length === 0 ? (
          <Nothing
            title={t(asked ? "history.empty" : "history.none")}
            help={t(asked ? "history.empty.help" : "desk.recent.none.help")}
          />
        ) : null}
        {data?.length ? (
          <Table.ScrollContainer type="native" minWidth={900}>
            <Table className="board-table" verticalSpacing={6} highlightOnHover>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t("history.time")}</Table.Th>
                  <Table.Th>{t("history.caller")}</Table.Th>
                  <Table.Th>{t("history.queue")}</Table.Th>
                  <Table.Th>{t("history.agent")}</Table.Th>
                  <Table.Th>{t("history.outcome")}</Table.Th>
                  <Table.Th ta="right">{t("history.wait")}</Table.Th>
                  <Table.Th ta="right">{t("history.talk")}</Table.Th>
                  <Table.Th>{t("history.code")}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {data.map((one) => (
                  <Table.Tr
                    key={one.id}
                    className="clickable"
                    onClick={() => setOpen(one.id)}
                    data-testid={`history-${one.id}`}
                  >
                    <Table.Td className="num">{moment(one.started, language)}</Table.Td>
                    <Table.Td>
                      <a
                        className="link"
                        href={`/history/${encodeURIComponent(one.id)}`}
                        onClick={(event) => {
                          event.stopPropagation();
                          if (event.metaKey || event.ctrlKey || event.shiftKey) return;
                          event.preventDefault();
                          setOpen(one.id);
                        }}
                      >
                        {one.customer_name || one.caller || t("call.anonymous")}
                      </a>
                      <Text size="xs" className="dim num">
                        {[one.customer_name ? one.caller : "", one.tier_name].filter(Boolean).join(" · ")}
                      </Text>
                    </Table.Td>
                    <Table.Td>{one.queue_name}</Table.Td>
                    <Table.Td>{one.agent_name}</Table.Td>
                    <Table.Td>{wordOr(t, "outcome.", one.outcome)}</Table.Td>
                    <Table.Td className="num" ta="right">
                      {clockOr(one.wait_s)}
                    </Table.Td>
                    <Table.Td className="num" ta="right">
                      {clockOr(one.talk_s)}
                    </Table.Td>
                    <Table.Td>{one.code ? choiceName(floor.wrap_up_codes, one.code, language) : ""}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        ) : null}
      </Panel>
      {data?.length === LISTED ? (
        <Text size="sm" className="dim" ta="center">
          {t("history.limit", LISTED)}
        </Text>
      ) : null}
      <CallDetail
        id={open}
        onClose={() => setOpen(null)}
        canListen={me.role === "supervisor" || me.role === "admin"}
      />
    </Stack>
  );
}
