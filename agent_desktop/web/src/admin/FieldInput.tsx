import { MultiSelect, NumberInput, PasswordInput, Select, Switch, TagsInput, TextInput } from "@mantine/core";
import { useMemo } from "react";
import { useWords, type Word } from "../shared/words";
import type { Field, Unit } from "./fields";
import { HoursInput } from "./HoursInput";
import type { HoursTyped } from "./hours";
import type { Refs } from "./refs";

interface Props {
  field: Field;
  value: unknown;
  refs: Refs;
  /** What is wrong with it, empty if nothing is. */
  fault: string;
  isNew: boolean;
  onChange: (value: unknown) => void;
}

const ORDER: ("label" | "input" | "error" | "description")[] = ["label", "input", "error", "description"];
const SUFFIX: Partial<Record<Unit, Word>> = { s: "unit.s", points: "unit.points", calls: "unit.calls" };

const strings = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

export function FieldInput({ field, value, refs, fault, isNew, onChange }: Props) {
  const { t } = useWords();
  const help = field.type === "password" && isNew ? "field.password.new" : field.help;
  const common = {
    label: t(field.label),
    description: help ? t(help) : undefined,
    error: fault || undefined,
    // Under the input, so that two beside each other stand on one line.
    inputWrapperOrder: ORDER,
    required: field.required ?? false,
    "data-testid": `field-${field.name}`,
  };
  const text = typeof value === "string" ? value : value === null || value === undefined ? "" : String(value);
  const options = (refs[field.of ?? "users"] ?? []).map((r) => ({ value: r.id, label: r.name || r.id }));
  switch (field.type) {
    case "number": {
      const percent = field.unit === "percent";
      const suffix = percent
        ? "%"
        : field.unit && SUFFIX[field.unit]
          ? ` ${t(SUFFIX[field.unit] as Word)}`
          : "";
      const shown = typeof value === "number" ? (percent ? Math.round(value * 1e6) / 1e4 : value) : "";
      return (
        <NumberInput
          {...common}
          value={shown}
          suffix={suffix}
          thousandSeparator={field.unit === "amount"}
          allowNegative={(field.min ?? 0) < 0}
          hideControls
          onChange={(v) => onChange(typeof v === "number" ? (percent ? v / 100 : v) : null)}
        />
      );
    }
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
        <Select
          {...common}
          data={options}
          value={text || null}
          onChange={onChange}
          clearable={!field.required}
          searchable
          nothingFoundMessage={t("field.nothing")}
        />
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
          hidePickedOptions
          nothingFoundMessage={t("field.nothing")}
        />
      );
    case "timezone":
      return <Timezone {...common} value={text} onChange={onChange} />;
    case "tags":
    case "dates":
      return (
        <TagsInput
          {...common}
          value={strings(value)}
          onChange={onChange}
          placeholder={field.type === "dates" ? t("field.dates.placeholder") : ""}
          acceptValueOnBlur
          clearable
        />
      );
    case "yes":
      return (
        <Switch
          label={common.label}
          description={common.description}
          error={common.error}
          checked={Boolean(value)}
          onChange={(e) => onChange(e.currentTarget.checked)}
          data-testid={common["data-testid"]}
        />
      );
    case "password":
      return (
        <PasswordInput
          {...common}
          required={isNew}
          value={text}
          onChange={(e) => onChange(e.currentTarget.value)}
          autoComplete="new-password"
        />
      );
    case "hours":
      return (
        <HoursInput
          label={common.label}
          description={common.description}
          error={common.error}
          value={(value ?? {}) as HoursTyped}
          onChange={onChange}
        />
      );
    default:
      return <TextInput {...common} value={text} onChange={(e) => onChange(e.currentTarget.value)} />;
  }
}

function Timezone(props: { value: string; onChange: (value: unknown) => void; label: string }) {
  const { t } = useWords();
  // The server may know zones this browser does not.
  const data = useMemo(
    () => [...new Set([...Intl.supportedValuesOf("timeZone"), "UTC", props.value])].filter(Boolean),
    [props.value],
  );
  return (
    <Select
      {...props}
      data={data}
      onChange={props.onChange}
      searchable
      limit={60}
      allowDeselect={false}
      nothingFoundMessage={t("field.nothing")}
    />
  );
}
