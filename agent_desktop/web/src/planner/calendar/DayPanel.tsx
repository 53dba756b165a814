/** One day: what it is, who says so, and the planner's own word on it. */

import { Badge, Button, Group, Radio, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { readSpans, spansText } from "../../admin/hours";
import { dateWords, dayWords } from "../../shared/format";
import type { CalendarDay, DayRow } from "../../shared/schema";
import { Panel } from "../../shared/states";
import { useWords } from "../../shared/words";
import { holidayWords } from "../holidays";
import type { CalendarPart } from "./CalendarTab";
import { withDay } from "./rows";

interface Props extends CalendarPart {
  day: string;
  known: CalendarDay | undefined;
}

const KINDS: readonly DayRow["kind"][] = ["holiday", "make_up", "closed", "open", "ordinary"];

export function DayPanel({ day, known, calendar, writes, save }: Props) {
  const { t, language } = useWords();
  const row = calendar.days?.find((one) => one.day === day);
  const [kind, setKind] = useState<string>(row?.kind ?? "");
  const [name, setName] = useState(row?.name ?? "");
  const [hours, setHours] = useState(() => (row?.hours ?? []).join(" "));
  const spans = readSpans(hours);
  const [busy, setBusy] = useState(false);
  const keep = async (next: Omit<DayRow, "day"> | null) => {
    setBusy(true);
    await save((body) => withDay(body, day, next));
    setBusy(false);
  };
  return (
    <Panel label={dateWords(day, language)} testid="day-panel">
      <Stack gap="sm">
        <div>
          <Text fw={600}>{dayWords(day, language, "0")}</Text>
          <Group gap={6} mt={4}>
            <Badge variant="light" tt="none" color={known?.kind === "closed" ? "gray" : "teal"}>
              {t(`plan.day.${known?.kind ?? "ordinary"}`)}
            </Badge>
            {known?.name ? <Text size="sm">{holidayWords(known.name, t)}</Text> : null}
          </Group>
          {known ? (
            <Text size="xs" className="dim" mt={4}>
              {t(known.in_table ? "plan.day.source.table" : "plan.day.source.calendar")}
            </Text>
          ) : null}
          {known?.events.length ? (
            <Text size="sm" mt={4}>
              <span className="dot event-dot" aria-hidden /> {known.events.join(t("list.comma"))}
            </Text>
          ) : null}
        </div>
        {writes ? (
          <form
            onSubmit={(event) => {
              event.preventDefault();
              if (!kind || !spans) return;
              const opens =
                kind === "open" || kind === "make_up" ? spansText(spans).split(" ").filter(Boolean) : [];
              void keep({ kind: kind as DayRow["kind"], name: name.trim(), hours: opens });
            }}
          >
            <Stack gap="sm">
              <Radio.Group label={t("plan.day.says")} value={kind} onChange={setKind}>
                <Stack gap={6} mt={6}>
                  {KINDS.map((one) => (
                    <Radio
                      key={one}
                      size="sm"
                      value={one}
                      label={t(`plan.day.${one}`)}
                      data-testid={`day-kind-${one}`}
                    />
                  ))}
                </Stack>
              </Radio.Group>
              <TextInput
                size="sm"
                label={t("plan.day.name")}
                value={name}
                maxLength={128}
                onChange={(event) => setName(event.currentTarget.value)}
                data-testid="day-name"
              />
              {kind === "open" || kind === "make_up" ? (
                <TextInput
                  size="sm"
                  label={t("field.hours")}
                  placeholder="09:00-17:30"
                  value={hours}
                  onChange={(event) => setHours(event.currentTarget.value)}
                  error={spans ? undefined : t("fault.spans")}
                  data-testid="day-hours"
                />
              ) : null}
              <Group gap="xs">
                <Button
                  type="submit"
                  size="compact-sm"
                  loading={busy}
                  disabled={
                    !kind ||
                    !spans ||
                    (kind === row?.kind && name.trim() === row.name && hours === (row.hours ?? []).join(" "))
                  }
                  data-testid="day-save"
                >
                  {t("admin.save")}
                </Button>
                {row ? (
                  <Button
                    size="compact-sm"
                    variant="default"
                    disabled={busy}
                    onClick={() => void keep(null)}
                    data-testid="day-clear"
                  >
                    {t("plan.day.clear")}
                  </Button>
                ) : null}
              </Group>
            </Stack>
          </form>
        ) : null}
      </Stack>
    </Panel>
  );
}
