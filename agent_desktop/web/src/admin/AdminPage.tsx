/** Users, agents, queues and the rest as rows: list, add, change, delete. */

import { Button, Group, Stack, Table, Tabs, Text, TextInput, Title } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useCallback, useState } from "react";
import { api } from "../shared/api";
import { useLoad } from "../shared/hooks";
import { go, usePath } from "../shared/path";
import { Failed, Loading, Nothing, Panel } from "../shared/states";
import { useTitle } from "../shared/title";
import { useWords, type Word } from "../shared/words";
import { type AdminKind, blank, FIELDS, type Field, KINDS, type Row } from "./fields";
import { RowForm } from "./RowForm";
import { useRefs } from "./refs";

export function AdminPage() {
  const { t } = useWords();
  const path = usePath();
  const kind = KINDS.find((one) => path === `/admin/${one}`) ?? "users";
  useTitle(t("admin.title"));
  return (
    <Stack gap="md" data-testid="admin">
      <Title order={3}>{t("admin.title")}</Title>
      <Tabs value={kind} onChange={(next) => next && go(`/admin/${next}`)} keepMounted={false}>
        <Tabs.List aria-label={t("admin.title")}>
          {KINDS.map((one) => (
            <Tabs.Tab key={one} value={one} data-testid={`admin-${one}`}>
              {t(`admin.${one}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={kind} pt="md">
          <Rows key={kind} kind={kind} />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}

function Rows({ kind }: { kind: AdminKind }) {
  const { t } = useWords();
  const { data, error, reload } = useLoad(useCallback(() => api.get<Row[]>(`/api/admin/${kind}`), [kind]));
  const [editing, setEditing] = useState<{ row: Row; isNew: boolean } | null>(null);
  const [filter, setFilter] = useState("");
  const refs = useRefs(kind);
  const listed = FIELDS[kind].filter((f) => f.listed);
  const show = (field: Field, value: unknown): string => {
    const named = (id: unknown) =>
      field.of ? (refs[field.of]?.find((r) => r.id === id)?.name ?? String(id)) : String(id);
    if (value === null || value === undefined) return "";
    if (Array.isArray(value)) return value.map(named).join(", ");
    if (field.type === "yes") return value ? t("yes") : "";
    const choice = field.choices?.find(([id]) => id === value);
    if (choice) return choice[1].includes(".") ? t(choice[1] as Word) : choice[1];
    return field.type === "ref" ? named(value) : String(value);
  };
  const needle = filter.trim().toLowerCase();
  const rows = data?.filter((row) => !needle || JSON.stringify(row).toLowerCase().includes(needle)) ?? [];
  const done = () => {
    setEditing(null);
    reload();
  };
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <TextInput
          placeholder={t("admin.filter")}
          aria-label={t("admin.filter")}
          value={filter}
          onChange={(e) => setFilter(e.currentTarget.value)}
          data-testid="admin-filter"
        />
        <Button
          leftSection={<IconPlus size={16} />}
          onClick={() => setEditing({ row: blank(kind), isNew: true })}
          data-testid="admin-add"
        >
          {t("admin.add")}
        </Button>
      </Group>
      {error ? <Failed error={error} retry={reload} /> : null}
      <Panel testid="admin-list" label={t(`admin.${kind}`)}>
        {!data && !error ? <Loading /> : null}
        {data && rows.length === 0 ? <Nothing title={t("admin.empty")} /> : null}
        {rows.length ? (
          <Table.ScrollContainer type="native" minWidth={600}>
            <Table verticalSpacing={6} highlightOnHover>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{kind === "entry-numbers" ? t("field.number") : t("field.id")}</Table.Th>
                  {listed.map((f) => (
                    <Table.Th key={f.name}>{t(f.label)}</Table.Th>
                  ))}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {rows.map((row) => (
                  <Table.Tr
                    key={row.id}
                    className="clickable"
                    tabIndex={0}
                    onClick={() => setEditing({ row, isNew: false })}
                    onKeyDown={(e) => e.key === "Enter" && setEditing({ row, isNew: false })}
                    data-testid={`row-${row.id}`}
                  >
                    <Table.Td>
                      <Text size="sm" className="dim num">
                        {row.id}
                      </Text>
                    </Table.Td>
                    {listed.map((f) => (
                      <Table.Td key={f.name}>{show(f, row[f.name])}</Table.Td>
                    ))}
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        ) : null}
      </Panel>
      {editing ? (
        <RowForm
          key={editing.row.id}
          kind={kind}
          start={editing.row}
          isNew={editing.isNew}
          refs={refs}
          onClose={() => setEditing(null)}
          onDone={done}
        />
      ) : null}
    </Stack>
  );
}
