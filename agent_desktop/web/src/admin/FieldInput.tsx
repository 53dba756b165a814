import {
  MultiSelect,
  NumberInput,
  PasswordInput,
  Select,
  Switch,
  TagsInput,
  Textarea,
  TextInput,
} from "@mantine/core";
import { useState } from "react";
import { useWords, type Word } from "../shared/words";
import type { Field } from "./fields";
import { type Hours, hoursText, readHours } from "./hours";
import type { Refs } from "./refs";

interface Props {
  field: Field;
  value: unknown;
  refs: Refs;
  onChange: (value: unknown) => void;
  /** Told whether what stands in the field can be read at all. */
  onBroken: (bad: boolean) => void;
}

const strings = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

export function FieldInput({ field, value, refs, onChange, onBroken }: Props) {
  const { t } = useWords();
  const common = {
    label: t(field.label),
    description: field.help ? t(field.help) : undefined,
    required: field.required ?? false,
    withAsterisk: false,
    "data-testid": `field-${field.name}`,
  };
  const text = typeof value === "string" ? value : value === null || value === undefined ? "" : String(value);
  const options = (refs[field.of ?? "users"] ?? []).map((r) => ({ value: r.id, label: r.name || r.id }));
  switch (field.type) {
    case "number":
      return (
        <NumberInput
          {...common}
          value={typeof value === "number" ? value : ""}
          onChange={(v) => onChange(typeof v === "number" ? v : null)}
        />
      );
    case "choice":
      return (
        <Select
          {...common}
          data={(field.choices ?? []).map(([id, word]) => ({
            value: id,
            label: word.includes(".") ? t(word as Word) : word,
          }))}
          value={text || null}
          onChange={onChange}
          allowDeselect={false}
        />
      );
    case "ref":
      return (
        <Select {...common} data={options} value={text || null} onChange={onChange} clearable searchable />
      );
    case "refs":
      return (
        <MultiSelect
          {...common}
          data={options}
          value={strings(value)}
          onChange={onChange}
          searchable
          clearable
        />
      );
    case "tags":
    case "dates":
      return <TagsInput {...common} value={strings(value)} onChange={onChange} clearable />;
    case "yes":
      return (
        <Switch
          label={common.label}
          checked={Boolean(value)}
          onChange={(e) => onChange(e.currentTarget.checked)}
          data-testid={common["data-testid"]}
        />
      );
    case "password":
      return (
        <PasswordInput
          {...common}
          value={text}
          onChange={(e) => onChange(e.currentTarget.value)}
          autoComplete="new-password"
        />
      );
    case "hours":
      return (
        <HoursInput {...common} value={(value ?? {}) as Hours} onChange={onChange} onBroken={onBroken} />
      );
    default:
      return <TextInput {...common} value={text} onChange={(e) => onChange(e.currentTarget.value)} />;
  }
}

function HoursInput(props: {
  label: string;
  description?: string | undefined;
  value: Hours;
  onChange: (value: unknown) => void;
  onBroken: (bad: boolean) => void;
}) {
  const { t } = useWords();
  const [text, setText] = useState(() => hoursText(props.value));
  const bad = readHours(text) === null;
  return (
    <Textarea
      label={props.label}
      description={props.description}
      value={text}
      error={bad ? t("field.hours.help") : undefined}
      autosize
      minRows={5}
      onChange={(e) => {
        const next = e.currentTarget.value;
        setText(next);
        const hours = readHours(next);
        props.onBroken(hours === null);
        if (hours) props.onChange(hours);
      }}
      data-testid="field-hours"
    />
  );
}
