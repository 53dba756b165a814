/** What a file brings, for each series. */

import { Alert, Table, Text } from "@mantine/core";
import { callsWords, figure, spanWords } from "../../shared/format";
import type { ImportShown } from "../../shared/schema";
import { useWords } from "../../shared/words";

export function Brought({ imports }: { imports: readonly ImportShown[] }) {
  const { t, language } = useWords();
  return (
    <Alert color="teal" variant="light" role="status" data-testid="import-brings">
      <Text size="sm" fw={600} mb={6}>
        {t("plan.import.brings")}
      </Text>
      <Table verticalSpacing={3} withRowBorders={false} className="figures">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("plan.series")}</Table.Th>
            <Table.Th className="left">{t("plan.series.history")}</Table.Th>
            <Table.Th>{t("plan.series.interval")}</Table.Th>
            <Table.Th>{t("plan.import.intervals")}</Table.Th>
            <Table.Th>{t("plan.import.replaced")}</Table.Th>
            <Table.Th>{t("reports.calls")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {imports.map((one) => (
            <Table.Tr key={`${one.id} ${one.series}`}>
              <Table.Td>{one.series_name}</Table.Td>
              <Table.Td className="left">{spanWords(one.first, one.last, language)}</Table.Td>
              <Table.Td>{t("unit.min.of", one.interval_min)}</Table.Td>
              <Table.Td>{figure(one.intervals, language)}</Table.Td>
              <Table.Td>{figure(one.replaced, language)}</Table.Td>
              <Table.Td>{callsWords(one.calls, language)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Alert>
  );
}
