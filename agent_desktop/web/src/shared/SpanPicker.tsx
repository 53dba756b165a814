/** Choose the days a page speaks of: the usual ones by a click, any others by date. The address keeps them. */

import { Group, SegmentedControl, TextInput } from "@mantine/core";
import { useSearch } from "./path";
import { type Days, dayStart, daysOf, PRESETS, type Preset } from "./span";
import { useWords } from "./words";

export { spanQuery } from "./span";

export interface Span extends Days {
  preset: Preset | "";
  change: (to: Record<string, string | string[]>) => void;
}

const DAY = /^\d{4}-\d\d-\d\d$/;

/** The span in the page's address; `usual` where it says nothing. */
export function useSpan(usual: Preset): Span {
  const [search, change] = useSearch();
  const from = search.get("from") ?? "";
  const to = search.get("to") ?? "";
  if (DAY.test(from) && DAY.test(to) && dayStart(from) <= dayStart(to))
    return { preset: "", from, to, change };
  const preset = PRESETS.find((one) => one === search.get("days")) ?? usual;
  return { preset, ...daysOf(preset, new Date()), change };
}

export function SpanPicker({ span }: { span: Span }) {
  const { t } = useWords();
  const day = (name: "from" | "to", value: string) => {
    if (!value) return;
    const next = { from: span.from, to: span.to, [name]: value };
    // The other end follows, so that there is always a span.
    if (next.from > next.to) next[name === "from" ? "to" : "from"] = value;
    span.change({ ...next, days: "" });
  };
  return (
    <Group gap="xs" wrap="nowrap">
      <SegmentedControl
        size="sm"
        data={PRESETS.map((one) => ({ value: one, label: t(`span.${one}`) }))}
        value={span.preset}
        onChange={(preset) => span.change({ days: preset, from: "", to: "" })}
        aria-label={t("span.title")}
        data-testid="span"
      />
      <TextInput
        type="date"
        aria-label={t("history.from")}
        value={span.from}
        onChange={(event) => day("from", event.currentTarget.value)}
        data-testid="span-from"
      />
      <span className="dim" aria-hidden>
        –
      </span>
      <TextInput
        type="date"
        aria-label={t("history.to")}
        value={span.to}
        onChange={(event) => day("to", event.currentTarget.value)}
        data-testid="span-to"
      />
    </Group>
  );
}
