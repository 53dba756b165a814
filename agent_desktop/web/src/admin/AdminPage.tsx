/** Users, agents, queues and the rest as rows: list, add, change, delete. */

import {
  Badge,
  Button,
  Group,
  Stack,
  Table,
  Tabs,
  Text,
  TextInput,
  Title,
  VisuallyHidden,
} from "@mantine/core";
import { IconAlertTriangle, IconPlus, IconSearch } from "@tabler/icons-react";
import { useCallback, useState } from "react";
import { FlowPage } from "../flows/FlowPage";
import { FlowsPanel } from "../flows/FlowsPanel";
import { api } from "../shared/api";
import { useLoad } from "../shared/hooks";
import { go, usePath } from "../shared/path";
import { Failed, Loading, Nothing, Panel } from "../shared/states";
import { useTitle } from "../shared/title";
import { useWords, type Word } from "../shared/words";
import { type AdminKind, blank, FIELDS, type Field, ID_LABEL, KINDS, type Row } from "./fields";
import { idOf, readSkills } from "./members";
import { RowForm } from "./RowForm";
import { useRefs } from "./refs";

/** The list of flows, or one of them. */
const FLOW = /^\/admin\/flows(?:\/([A-Za-z_][A-Za-z0-9_-]{0,63}))?$/;

export function AdminPage() {
  const { t } = useWords();
  const path = usePath();
  const flow = FLOW.exec(path);
  const kind = KINDS.find((one) => path === `/admin/${one}`) ?? "users";
  useTitle(t("admin.title"));
  return (
    <Stack gap="md" data-testid="admin">
      <Title order={1} size="h3">
        {t("admin.title")}
      </Title>
      <Tabs
        value={flow ? "flows" : kind}
        onChange={(next) => next && go(`/admin/${next}`)}
        keepMounted={false}
      >
        <Tabs.List aria-label={t("admin.title")}>
          {KINDS.map((one) => (
            <Tabs.Tab key={one} value={one} data-testid={`admin-${one}`}>
              {t(`admin.${one}`)}
            </Tabs.Tab>
          ))}
          <Tabs.Tab value="flows" data-testid="admin-flows">
            {t("admin.flows")}
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value={flow ? "flows" : kind} pt="md">
          {flow === null ? (
            <Rows key={kind} kind={kind} />
          ) : flow[1] ? (
            <FlowPage key={flow[1]} name={flow[1]} />
          ) : (
            <FlowsPanel />
          )}
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}

function Rows({ kind }: { kind: AdminKind }) {
  const { t, language } = useWords();
  const { data, error, reload } = useLoad(useCallback(() => api.get<Row[]>(`/api/admin/${kind}`), [kind]));
  const [editing, setEditing] = useState<{ row: Row; isNew: boolean } | null>(null);
  const [filter, setFilter] = useState("");
  const refs = useRefs(kind);
  const listed = FIELDS[kind].filter((f) => f.listed && f.name !== "name");
  const show = (field: Field, value: unknown): string => {
    const named = (id: unknown) =>
      field.of ? (refs[field.of]?.find((r) => r.id === id)?.name ?? String(id)) : String(id);
    if (value === null || value === undefined) return "";
    if (field.type === "levels")
      return readSkills(value)
        .map(({ id, level }) => (level > 1 ? `${named(id)} ${level}` : named(id)))
        .join(t("list.comma"));
    if (Array.isArray(value))
      return value.map((one) => named(field.of ? idOf(one) : one)).join(t("list.comma"));
    if (typeof value === "number") return amount(field, value);
    const choice = field.choices?.find(([id]) => id === value);
    if (choice) return choice[1].includes(".") ? t(choice[1] as Word) : choice[1];
    return field.type === "ref" ? named(value) : String(value);
  };
  const amount = (field: Field, value: number): string => {
    const digits = new Intl.NumberFormat(language, {
      maximumFractionDigits: 4,
      ...(field.unit === "percent" ? { style: "percent" as const } : {}),
    }).format(value);
    return field.unit === "s" ? t("unit.s.of", digits) : digits;
  };
  const needle = filter.trim().toLowerCase();
  const said = (row: Row) =>
    [row.id, row.name, ...listed.map((f) => show(f, row[f.name]))].join(" ").toLowerCase();
  const rows = data?.filter((row) => !needle || said(row).includes(needle)) ?? [];
  const done = () => {
    setEditing(null);
    reload();
  };
  return (
    <Stack gap="sm">
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm" className="dim" maw={720}>
          {t(`admin.intro.${kind}`)}
        </Text>
        <Group gap="xs" wrap="nowrap">
          <TextInput
            placeholder={t("admin.filter")}
            aria-label={t("admin.filter")}
            leftSection={<IconSearch size={15} aria-hidden />}
            value={filter}
            onChange={(e) => setFilter(e.currentTarget.value)}
            data-testid="admin-filter"
          />
          <Button
            leftSection={<IconPlus size={16} />}
            onClick={() => setEditing({ row: blank(kind), isNew: true })}
            style={{ flex: "none" }}
            data-testid="admin-add"
          >
            {t(`admin.new.${kind}`)}
          </Button>
        </Group>
      </Group>
      {error ? <Failed error={error} retry={reload} /> : null}
      <Panel testid="admin-list" label={t(`admin.${kind}`)}>
        {!data && !error ? <Loading /> : null}
        {data && rows.length === 0 ? (
          <Nothing
            title={t(needle ? "admin.nomatch" : "admin.empty")}
            help={needle ? "" : t("admin.empty.help")}
          />
        ) : null}
        {rows.length ? (
          <Table.ScrollContainer type="native" minWidth={600}>
            <Table verticalSpacing={7} highlightOnHover>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t(FIELDS[kind][0]?.label ?? "field.name")}</Table.Th>
                  <Table.Th>{t(ID_LABEL[kind])}</Table.Th>
                  {listed.map((f) => (
                    <Table.Th key={f.name} ta={f.type === "number" ? "right" : undefined}>
                      {f.type === "yes" ? <VisuallyHidden>{t(f.label)}</VisuallyHidden> : t(f.label)}
                    </Table.Th>
                  ))}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {rows.map((row) => (
                  <Table.Tr
                    key={row.id}
                    className="clickable"
                    onClick={() => setEditing({ row, isNew: false })}
                    data-testid={`row-${row.id}`}
                  >
                    <Table.Td>
                      <button
                        type="button"
                        className="link"
                        aria-label={t("admin.edit", String(row.name || row.id))}
                        onClick={() => setEditing({ row, isNew: false })}
                      >
                        {String(row.name || row.id)}
                      </button>
                      {Array.isArray(row.warnings) && row.warnings.length ? (
                        <IconAlertTriangle
                          size={15}
                          color="var(--mantine-color-orange-6)"
                          style={{ marginLeft: 6, verticalAlign: "-2px" }}
                          role="img"
                          aria-label={row.warnings.join(" ")}
                        />
                      ) : null}
                    </Table.Td>
                    <Table.Td className="dim num">{row.id}</Table.Td>
                    {listed.map((f) => (
                      <Table.Td
                        key={f.name}
                        ta={f.type === "number" ? "right" : undefined}
                        className={f.type === "number" ? "num" : undefined}
                      >
                        {f.type === "yes" ? (
                          row[f.name] ? (
                            <Badge variant="light" color="gray" tt="none">
                              {t(f.label)}
                            </Badge>
                          ) : null
                        ) : (
                          show(f, row[f.name])
                        )}
                      </Table.Td>
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
          key={`${editing.isNew} ${editing.row.id}`}
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
