import { Input, MultiSelect, NumberInput, Table, Text, VisuallyHidden } from "@mantine/core";
import type { ReactNode } from "react";
import { useWords } from "../shared/words";
import type { Member } from "./members";

interface Props {
  label: string;
  description?: ReactNode;
  error?: ReactNode;
  /** Said under the numbers. */
  help: string;
  options: { value: string; label: string }[];
  value: readonly Member[];
  /** Also ask for the penalty. */
  penalty: boolean;
  onChange: (members: Member[]) => void;
  "data-testid": string;
}

/** Several of a list, each with its level (and penalty). */
export function MembersInput({ help, options, value, penalty, onChange, error, ...common }: Props) {
  const { t } = useWords();
  const names = new Map(options.map((one) => [one.value, one.label]));
  const choose = (ids: string[]) =>
    onChange(ids.map((id) => value.find((one) => one.id === id) ?? { id, level: 1, penalty: 0 }));
  const change = (id: string, numbers: Partial<Member>) =>
    onChange(value.map((one) => (one.id === id ? { ...one, ...numbers } : one)));
  const number = (one: Member, of: "level" | "penalty", least: number, most: number) => (
    <NumberInput
      size="xs"
      w={64}
      aria-label={`${names.get(one.id) ?? one.id}: ${t(`field.${of}`)}`}
      value={one[of]}
      min={least}
      max={most}
      clampBehavior="strict"
      allowDecimal={false}
      allowNegative={false}
      hideControls
      onChange={(n) => change(one.id, { [of]: typeof n === "number" ? n : least })}
      data-testid={`${common["data-testid"]}-${one.id}-${of}`}
    />
  );
  return (
    <div>
      <MultiSelect
        {...common}
        inputWrapperOrder={["label", "input", "description"]}
        data={options}
        value={value.map((one) => one.id)}
        onChange={choose}
        searchable
        clearable
        hidePickedOptions
        nothingFoundMessage={t("field.nothing")}
        error={Boolean(error)}
      />
      {error ? <Input.Error mt={4}>{error}</Input.Error> : null}
      {value.length ? (
        <>
          <Table mt={8} verticalSpacing={3} withRowBorders={false} w="auto">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>
                  <VisuallyHidden>{common.label}</VisuallyHidden>
                </Table.Th>
                <Table.Th>{t("field.level")}</Table.Th>
                {penalty ? <Table.Th>{t("field.penalty")}</Table.Th> : null}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {value.map((one) => (
                <Table.Tr key={one.id}>
                  <Table.Td miw={180}>{names.get(one.id) ?? one.id}</Table.Td>
                  <Table.Td>{number(one, "level", 1, 9)}</Table.Td>
                  {penalty ? <Table.Td>{number(one, "penalty", 0, 1000)}</Table.Td> : null}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
          <Text size="xs" className="dim" mt={2}>
            {help}
          </Text>
        </>
      ) : null}
    </div>
  );
}
