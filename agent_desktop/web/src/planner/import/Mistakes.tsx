/** What is wrong in a file, by row and column as the spreadsheet shows them. */

import { Alert, Table, Text } from "@mantine/core";
import type { FieldError } from "../../shared/api";
import { known } from "../../shared/refusal";
import { useWords } from "../../shared/words";
import { placeOf } from "../csv";

/** More of them nobody reads before the first are mended. */
const MOST = 100;

export function Mistakes({ mistakes }: { mistakes: readonly FieldError[] }) {
  const { t } = useWords();
  return (
    <Alert color="red" variant="light" role="alert" data-testid="import-mistakes">
      <Text size="sm" fw={600} mb={6}>
        {t("plan.import.wrong", mistakes.length)}
      </Text>
      <div style={{ maxHeight: 260, overflow: "auto" }}>
        <Table verticalSpacing={3} withRowBorders={false}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th w={70}>{t("plan.import.row")}</Table.Th>
              <Table.Th w={130}>{t("plan.import.column")}</Table.Th>
              <Table.Th>{t("plan.import.mistake")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {mistakes.slice(0, MOST).map((one) => {
              const { row, column } = placeOf(one.at);
              return (
                <Table.Tr key={`${one.at} ${one.message}`}>
                  <Table.Td className="num">{row ?? "–"}</Table.Td>
                  <Table.Td>{column || "–"}</Table.Td>
                  <Table.Td>{known(one.message, t) ?? one.message}</Table.Td>
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
        {mistakes.length > MOST ? (
          <Text size="sm" className="dim">
            {t("plan.import.more", mistakes.length - MOST)}
          </Text>
        ) : null}
      </div>
    </Alert>
  );
}
