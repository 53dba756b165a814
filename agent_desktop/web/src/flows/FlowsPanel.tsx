/** Every flow: which version callers get, where it comes from, and whether somebody works on it. */

import { Badge, Button, Group, Stack, Table, Text, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { type FormEvent, useCallback, useState } from "react";
import { api } from "../shared/api";
import { useLoad } from "../shared/hooks";
import { go } from "../shared/path";
import type { FlowShown } from "../shared/schema";
import { Failed, Loading, Nothing, Panel } from "../shared/states";
import { moment } from "../shared/time";
import { useWords } from "../shared/words";
import { NAME } from "./text";

export function FlowsPanel() {
  const { t, language } = useWords();
  const { data, error, reload } = useLoad(useCallback(() => api.get<FlowShown[]>("/api/ivr/flows"), []));
  const [name, setName] = useState("");
  const [wrong, setWrong] = useState(false);
  const add = (event: FormEvent) => {
    event.preventDefault();
    if (NAME.test(name)) go(`/admin/flows/${name}`);
    else setWrong(true);
  };
  return (
    <Stack gap="sm" data-testid="flows">
      <Group justify="space-between" align="flex-start" wrap="nowrap">
        <Text size="sm" className="dim" maw={720}>
          {t("flows.intro")}
        </Text>
        <form onSubmit={add} noValidate>
          <Group gap="xs" wrap="nowrap" align="flex-start">
            <TextInput
              placeholder={t("flows.new.name")}
              aria-label={t("flows.new.name")}
              error={wrong ? t("flows.new.help") : undefined}
              value={name}
              onChange={(event) => {
                setName(event.currentTarget.value.trim());
                setWrong(false);
              }}
              data-testid="flow-new-name"
            />
            <Button
              type="submit"
              leftSection={<IconPlus size={16} />}
              style={{ flex: "none" }}
              data-testid="flow-new"
            >
              {t("flows.new")}
            </Button>
          </Group>
        </form>
      </Group>
      {error ? <Failed error={error} retry={reload} /> : null}
      {error && !data ? null : (
        <Panel testid="flows-list" label={t("admin.flows")}>
          {data ? null : <Loading />}
          {data && data.length === 0 ? <Nothing title={t("flows.none")} /> : null}
          {data?.length ? (
            <Table.ScrollContainer type="native" minWidth={600}>
              <Table verticalSpacing={7} highlightOnHover>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{t("flows.name")}</Table.Th>
                    <Table.Th ta="right">{t("flows.live")}</Table.Th>
                    <Table.Th>{t("flows.source")}</Table.Th>
                    <Table.Th>{t("flows.numbers")}</Table.Th>
                    <Table.Th>{t("flows.draft")}</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {data.map((flow) => (
                    <Table.Tr
                      key={flow.name}
                      className="clickable"
                      onClick={() => go(`/admin/flows/${flow.name}`)}
                      data-testid={`flow-${flow.name}`}
                    >
                      <Table.Td>
                        <button
                          type="button"
                          className="link"
                          onClick={(event) => {
                            event.stopPropagation();
                            go(`/admin/flows/${flow.name}`);
                          }}
                        >
                          {flow.name}
                        </button>{" "}
                        <span className="dim">{flow.title === flow.name ? "" : flow.title}</span>
                      </Table.Td>
                      <Table.Td ta="right" className="num">
                        {flow.version || "–"}
                      </Table.Td>
                      <Table.Td>{t(`flows.source.${flow.source}`)}</Table.Td>
                      <Table.Td className="num">{flow.numbers.join(t("list.comma"))}</Table.Td>
                      <Table.Td>
                        {flow.draft ? (
                          <Badge variant="light" tt="none">
                            {t(
                              "flows.draft.of",
                              flow.draft.version,
                              flow.draft.by,
                              moment(flow.draft.at / 1000, language),
                            )}
                          </Badge>
                        ) : null}
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          ) : null}
        </Panel>
      )}
    </Stack>
  );
}
