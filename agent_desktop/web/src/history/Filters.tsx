/** What calls are looked for by: words and days in sight, everything else behind a button. */

import { Badge, Button, Group, MultiSelect, NumberInput, Select, SimpleGrid, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconFilter } from "@tabler/icons-react";
import { useCallback, useState } from "react";
import { byName } from "../board/byName";
import { api } from "../shared/api";
import type { Floor } from "../shared/floor";
import { useLoad } from "../shared/hooks";
import type { Me } from "../shared/schema";
import { useWords } from "../shared/words";
import { filtersSet } from "./query";

const OUTCOMES = [
  "answered",
  "abandoned",
  "self_served",
  "voicemail",
  "callback",
  "transferred",
  "closed",
  "not_reached",
  "failed",
  "lost",
] as const;
/** Typing pauses so long, in milliseconds, before it is searched. */
const QUIET_MS = 300;

interface Props {
  me: Me;
  floor: Floor;
  search: URLSearchParams;
  change: (to: Record<string, string | string[]>) => void;
}

export function Filters({ me, floor, search, change }: Props) {
  const { t } = useWords();
  const [text, setText] = useState(search.get("q") ?? "");
  const [open, setOpen] = useState(() => filtersSet(search) > 0);
  const later = useDebouncedCallback((q: string) => change({ q }), QUIET_MS);
  const set = filtersSet(search);
  const from = search.get("from") ?? "";
  const to = search.get("to") ?? "";
  return (
    <>
      <Group gap="xs" align="flex-end">
        <TextInput
          w={270}
          placeholder={t("history.search")}
          aria-label={t("history.search")}
          value={text}
          onChange={(e) => {
            setText(e.currentTarget.value);
            later(e.currentTarget.value);
          }}
          data-testid="history-search"
        />
        <TextInput
          type="date"
          aria-label={t("history.from")}
          max={to || undefined}
          value={from}
          onChange={(e) => change({ from: e.currentTarget.value })}
          data-testid="history-from"
        />
        <span className="dim" aria-hidden>
          –
        </span>
        <TextInput
          type="date"
          aria-label={t("history.to")}
          min={from || undefined}
          value={to}
          onChange={(e) => change({ to: e.currentTarget.value })}
          data-testid="history-to"
        />
        <Button
          variant="default"
          leftSection={<IconFilter size={16} />}
          rightSection={set ? <Badge size="sm">{set}</Badge> : null}
          onClick={() => setOpen(!open)}
          aria-expanded={open}
          data-testid="history-filters"
        >
          {t("history.filters")}
        </Button>
        {set || from || to || text ? (
          <Button
            variant="subtle"
            color="gray"
            onClick={() => {
              setText("");
              const none: Record<string, string> = {};
              for (const name of search.keys()) none[name] = "";
              change(none);
            }}
            data-testid="history-clear"
          >
            {t("history.clear")}
          </Button>
        ) : null}
      </Group>
      {open ? <More me={me} floor={floor} search={search} change={change} /> : null}
    </>
  );
}

interface TierRow {
  id: string;
  name: string;
}

function More({ me, floor, search, change }: Props) {
  const { t } = useWords();
  const all = me.role !== "agent";
  const tiers = useLoad(
    useCallback(() => (all ? api.get<TierRow[]>("/api/admin/tiers") : Promise.resolve([])), [all]),
  );
  const named = (rows: { id: string; name: string }[]) =>
    [...rows].sort(byName).map((one) => ({ value: one.id, label: one.name }));
  const many = (name: string, label: string, data: { value: string; label: string }[]) => (
    <MultiSelect
      label={label}
      data={data}
      value={search.getAll(name)}
      onChange={(next) => change({ [name]: next })}
      searchable
      clearable
      hidePickedOptions
      styles={{ inputField: { minWidth: 24 } }}
      nothingFoundMessage={t("field.nothing")}
      data-testid={`filter-${name}`}
    />
  );
  return (
    <SimpleGrid cols={{ base: 2, md: 3, lg: all ? 6 : 3 }} spacing="xs" w="100%" data-testid="filters">
      {all ? many("queue", t("history.queue"), named(Object.values(floor.queues))) : null}
      {all ? many("agent", t("history.agent"), named(Object.values(floor.agents))) : null}
      {many(
        "outcome",
        t("history.outcome"),
        OUTCOMES.map((one) => ({ value: one, label: t(`outcome.${one}`) })),
      )}
      {all ? many("tier", t("history.tier"), named(tiers.data ?? [])) : null}
      <Select
        label={t("history.direction")}
        data={[
          { value: "in", label: t("history.in") },
          { value: "out", label: t("history.out") },
        ]}
        value={search.get("direction")}
        onChange={(next) => change({ direction: next ?? "" })}
        clearable
        data-testid="filter-direction"
      />
      <NumberInput
        label={t("history.min_wait")}
        suffix={` ${t("unit.s")}`}
        min={0}
        max={86_400}
        value={search.get("wait") ? Number(search.get("wait")) : ""}
        onChange={(next) => change({ wait: Number(next) > 0 ? String(next) : "" })}
        data-testid="filter-wait"
      />
    </SimpleGrid>
  );
}
