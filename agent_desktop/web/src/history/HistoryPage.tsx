/** Finished calls: search, then one call with its story. */

import { Button, Center, Group, Stack, Table, Text, Title } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useLive } from "../session/session";
import { go, usePath, useSearch } from "../shared/path";
import type { Me } from "../shared/schema";
import { Failed, Loading, Nothing, Panel } from "../shared/states";
import { clockOr, moment } from "../shared/time";
import { useTitle } from "../shared/title";
import { useWords } from "../shared/words";
import { choiceName, wordOr } from "../shared/words/choice";
import { CallDetail } from "./CallDetail";
import { Filters } from "./Filters";
import { historyQuery } from "./query";
import { usePages } from "./usePages";

export function HistoryPage({ me }: { me: Me }) {
  const { t, language } = useWords();
  const { floor } = useLive();
  const [search, change] = useSearch();
  const open = decodeURIComponent(usePath().slice("/history/".length)) || null;
  const at = (id: string | null) =>
    (id ? `/history/${encodeURIComponent(id)}` : "/history") + location.search;
  const setOpen = (id: string | null) => go(at(id));
  const { calls: data, error, reload, ended, readOn, busy } = usePages(search);
  const asked = search.size > 0;
  useTitle(t("history.title"));
  return (
    <Stack gap="md" data-testid="history">
      <Group justify="space-between" align="flex-end">
        <Title order={1} size="h3">
          {t("history.title")}
        </Title>
        <Button
          component="a"
          href={`/api/history/calls?${historyQuery(search, 500)}&format=csv`}
          download
          variant="subtle"
          color="gray"
          leftSection={<IconDownload size={16} />}
          data-testid="history-csv"
        >
          CSV
        </Button>
      </Group>
      <Filters me={me} floor={floor} search={search} change={change} />
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
                        href={at(one.id)}
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
                        {[
                          one.direction === "out" ? t("board.outgoing") : "",
                          one.customer_name ? one.caller : "",
                          one.tier_name,
                        ]
                          .filter(Boolean)
                          .join(" · ")}
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
      {data?.length && !ended ? (
        <Center>
          <Button variant="default" onClick={() => void readOn()} loading={busy} data-testid="history-more">
            {t("history.more")}
          </Button>
        </Center>
      ) : null}
      <CallDetail
        id={open}
        onClose={() => setOpen(null)}
        canListen={me.role === "supervisor" || me.role === "admin"}
      />
    </Stack>
  );
}
