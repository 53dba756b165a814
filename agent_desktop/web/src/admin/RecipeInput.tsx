import { Button, Group, Table, Text, Textarea } from "@mantine/core";
import type { ReactNode } from "react";
import { useWords, type Word } from "../shared/words";
import { recipeText } from "./recipe";

const CONDITIONS: [string, Word][] = [
  ["wait >= 30", "recipe.wait"],
  ["position <= 3", "recipe.position"],
  ["length > 10", "recipe.length"],
  ["estimate >= 120", "recipe.estimate"],
  ["service_level < 80", "recipe.service_level"],
  ["eligible < 1", "recipe.eligible"],
  ["available < 1", "recipe.available"],
  ["time in 18:00-08:00", "recipe.time"],
  ["tier in gold,silver", "recipe.tier"],
];
const OPERATIONS: [string, Word][] = [
  ["relax english to 2", "recipe.relax"],
  ["drop english", "recipe.drop"],
  ["widen to level 2", "recipe.level"],
  ["widen to group night", "recipe.group"],
  ["widen to branch hangzhou", "recipe.branch"],
  ["allow penalty 5", "recipe.penalty"],
  ["raise 10", "recipe.raise"],
  ["announce …", "recipe.announce"],
  ["offer callback", "recipe.callback"],
  ["to queue overflow", "recipe.queue"],
  ["to voicemail · to flow night · hang up", "recipe.end"],
];
const EXAMPLE = `- when: wait >= 60
  do:
    - raise 10
    - widen to level 2
- when: wait >= 90 and estimate >= 120
  do: offer callback
`;

interface Props {
  label: string;
  description?: ReactNode;
  error?: ReactNode;
  value: unknown;
  onChange: (text: string) => void;
  "data-testid": string;
}

/** The steps as text, and beside it everything that can be written. */
export function RecipeInput({ value, onChange, error, ...common }: Props) {
  const { t } = useWords();
  const text = recipeText(value);
  const insert = () => onChange(text.trim() ? `${text.trimEnd()}\n${EXAMPLE}` : EXAMPLE);
  return (
    <div>
      <Textarea
        {...common}
        inputWrapperOrder={["label", "input", "error", "description"]}
        error={error ? <span className="lines">{error}</span> : undefined}
        value={text}
        onChange={(e) => onChange(e.currentTarget.value)}
        autosize
        minRows={3}
        maxRows={24}
        spellCheck={false}
        placeholder={t("recipe.placeholder")}
        styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 13 } }}
      />
      <details className="cheat">
        <summary>{t("recipe.what")}</summary>
        <Written heading={t("recipe.when")} rows={CONDITIONS} />
        <Written heading={t("recipe.do")} rows={OPERATIONS} />
      </details>
      <Group mt={6}>
        <Button variant="default" size="compact-sm" onClick={insert} data-testid="recipe-example">
          {t("recipe.example")}
        </Button>
      </Group>
    </div>
  );
}

function Written({ heading, rows }: { heading: string; rows: [string, Word][] }) {
  const { t } = useWords();
  return (
    <>
      <Text size="sm" fw={600} mt={8}>
        {heading}
      </Text>
      <Table verticalSpacing={2} horizontalSpacing={6} withRowBorders={false} layout="fixed">
        <Table.Tbody>
          {rows.map(([code, word]) => (
            <Table.Tr key={code}>
              <Table.Td w="48%">
                <code>{code}</code>
              </Table.Td>
              <Table.Td className="dim">{t(word)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </>
  );
}
