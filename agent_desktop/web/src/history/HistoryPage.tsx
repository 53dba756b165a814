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
    () => api.get<CallSummary[]>(`/api/history/calls?${historyQuery(q, from, to)}`),
    [q, from, to],
  );
  const { data, error, reload } = useLoad(load);
  useTitle(t("history.title"));
  return (
    <Stack gap="md" data-testid="history">
      <Group justify="space-between" align="flex-end">
        <Title order={3}>{t("history.title")}</Title>
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
            aria-label={t("history.from")}
            value={from}
            onChange={(e) => setFrom(e.currentTarget.value)}
            data-testid="history-from"
          />
          <TextInput
            type="date"
            aria-label={t("history.to")}
            value={to}
            onChange={(e) => setTo(e.currentTarget.value)}
            data-testid="history-to"
          />
        </Group>
      </Group>
      {error ? <Failed error={error} retry={reload} /> : null}
      <Panel testid="history-list" label={t("history.title")}>
        {!data && !error ? <Loading /> : null}
        {data?.length === 0 ? <Nothing title={t("history.empty")} /> : null}
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
                    tabIndex={0}
                    onClick={() => setOpen(one.id)}
                    onKeyDown={(e) => e.key === "Enter" && setOpen(one.id)}
                    data-testid={`history-${one.id}`}
                  >
                    <Table.Td className="num">{moment(one.started, language)}</Table.Td>
                    <Table.Td>
                      <Text size="sm">{one.customer_name || one.caller || t("call.anonymous")}</Text>
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
      <CallDetail
        id={open}
        onClose={() => setOpen(null)}
        canListen={me.role === "supervisor" || me.role === "admin"}
      />
    </Stack>
  );
}
