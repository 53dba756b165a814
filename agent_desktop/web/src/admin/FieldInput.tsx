import { MultiSelect, NumberInput, PasswordInput, Select, Switch, TagsInput, TextInput } from "@mantine/core";
import { useMemo, useState } from "react";
import { useWords, type Word } from "../shared/words";
import { type Field, PER_UNIT, type Unit } from "./fields";
import { HoursInput } from "./HoursInput";
import type { HoursTyped } from "./hours";
import { MembersInput } from "./MembersInput";
import { capacityTexts, readMembers, readSkills, spanText, writeMembers, writeSkills } from "./members";
import { RecipeInput } from "./RecipeInput";
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
const SUFFIX: Partial<Record<Unit, Word>> = {
  s: "unit.s",
  min: "unit.min",
  h: "unit.h",
  points: "unit.points",
  rate: "unit.rate",
  calls: "unit.calls",
  times: "unit.times",
};

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
  const choices = (field.choices ?? []).map(([id, word]) => ({
    value: id,
    label: word.includes(".") ? t(word as Word) : word,
  }));
  const options = (refs[field.of ?? "users"] ?? []).map((r) => ({ value: r.id, label: r.name || r.id }));
  switch (field.type) {
    case "number": {
      const scale = (field.unit && PER_UNIT[field.unit]) || 1;
      const word = field.unit && SUFFIX[field.unit];
      const suffix = field.unit === "percent" ? "%" : word ? ` ${t(word)}` : "";
      const shown = typeof value === "number" ? Math.round((value / scale) * 1e4) / 1e4 : "";
      return (
        <NumberInput
          {...common}
          value={shown}
          suffix={suffix}
          thousandSeparator={field.unit === "amount"}
          allowNegative={(field.min ?? 0) < 0}
          hideControls
          onChange={(v) => onChange(typeof v === "number" ? scaled(v, scale) : null)}
        />
      );
    }
    case "choice":
      return (
        <Select {...common} data={choices} value={text || null} onChange={onChange} allowDeselect={false} />
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
    case "some":
      return (
        <MultiSelect
          {...common}
          data={choices}
          value={strings(value)}
          onChange={onChange}
          hidePickedOptions
        />
      );
    case "strategy":
      return <Strategy {...common} choices={choices} value={text} onChange={onChange} />;
    case "members":
      return (
        <MembersInput
          {...common}
          help={t("field.members.help")}
          options={options}
          value={readMembers(value)}
          penalty
          onChange={(members) => onChange(writeMembers(members))}
        />
      );
    case "levels":
      return (
        <MembersInput
          {...common}
          help={t("field.levels.help")}
          options={options}
          value={readSkills(value)}
          penalty={false}
          onChange={(skills) => onChange(writeSkills(skills))}
        />
      );
    case "capacity":
      return (
        <TagsInput {...common} value={capacityTexts(value)} onChange={onChange} acceptValueOnBlur clearable />
      );
    case "span":
      return (
        <TextInput
          {...common}
          value={spanText(value)}
          onChange={(e) => onChange(e.currentTarget.value)}
          placeholder="21:00-08:00"
        />
      );
    case "recipe":
      return <RecipeInput {...common} value={value} onChange={onChange} />;
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

/** Without the dust of binary fractions: 80.1 % is 0.801. */
function scaled(shown: number, scale: number): number {
  return Math.round(shown * scale * 1e9) / 1e9;
}

interface StrategyProps {
  choices: { value: string; label: string }[];
  value: string;
  onChange: (value: unknown) => void;
  label: string;
}

/** One of the strategies there are, or the name of one the settings file has. */
function Strategy({ choices, value, onChange, ...common }: StrategyProps) {
  const { t } = useWords();
  const [typed, setTyped] = useState("");
  const named = [value, typed.trim()].filter((one) => /^[A-Za-z][\w.-]*$/.test(one));
  const own = [...new Set(named)].filter((one) => !choices.some((c) => c.value === one));
  return (
    <Select
      {...common}
      data={[...choices, ...own.map((one) => ({ value: one, label: t("field.strategy.own", one) }))]}
      value={value || null}
      onChange={onChange}
      searchable
      onSearchChange={setTyped}
      allowDeselect={false}
      nothingFoundMessage={t("field.nothing")}
    />
  );
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
