import { Button, Group, Input, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useWords } from "../shared/words";
import { DAYS, type Day, type HoursTyped, readSpans, spansText } from "./hours";

const WORKDAYS: readonly Day[] = ["tue", "wed", "thu", "fri"];

interface Props {
  label: string;
  description?: string | undefined;
  error?: string | undefined;
  value: HoursTyped;
  onChange: (value: HoursTyped) => void;
}

/** Seven lines of spans; an empty line is a closed day. */
export function HoursInput({ label, description, error, value, onChange }: Props) {
  const { t } = useWords();
  const [texts, setTexts] = useState<Record<string, string>>(() =>
    Object.fromEntries(DAYS.map((day) => [day, spansText(value[day])])),
  );
  const change = (days: readonly Day[], text: string) => {
    const next = { ...texts, ...Object.fromEntries(days.map((day) => [day, text])) };
    setTexts(next);
    const read = DAYS.map((day) => [day, readSpans(next[day] ?? "") ?? next[day]] as const);
    onChange(Object.fromEntries(read.filter(([, spans]) => spans?.length)) as HoursTyped);
  };
  const monday = texts.mon ?? "";
  return (
    <Input.Wrapper label={label} description={description} labelElement="div" error={error}>
      <Stack gap={6} mt={6} mb={error ? 6 : 0} role="group" aria-label={label} data-testid="field-hours">
        {DAYS.map((day) => {
          const text = texts[day] ?? "";
          return (
            <Group key={day} gap="sm" wrap="nowrap">
              <Text size="sm" w={44} style={{ flex: "none" }} aria-hidden>
                {t(`day.${day}`)}
              </Text>
              <TextInput
                flex={1}
                aria-label={t(`day.${day}`)}
                placeholder={t("field.hours.closed")}
                value={text}
                error={readSpans(text) === null}
                onChange={(e) => change([day], e.currentTarget.value)}
                data-testid={`hours-${day}`}
              />
              {day === "mon" ? (
                <Button
                  variant="default"
                  size="compact-sm"
                  w={136}
                  disabled={!monday || readSpans(monday) === null}
                  onClick={() => change(WORKDAYS, monday)}
                >
                  {t("field.hours.copy")}
                </Button>
              ) : (
                <span style={{ width: 136, flex: "none" }} />
              )}
            </Group>
          );
        })}
      </Stack>
    </Input.Wrapper>
  );
}
