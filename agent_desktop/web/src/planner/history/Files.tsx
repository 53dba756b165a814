/** The files a history was made of: who took them in when, taken back and in again. */

import { Button, Group, Table, Text } from "@mantine/core";
import { useCallback, useState } from "react";
import { api } from "../../shared/api";
import { callsWords, figure, spanWords } from "../../shared/format";
import { useCommand, useLoad } from "../../shared/hooks";
import type { ImportShown, SeriesShown } from "../../shared/schema";
import { Failed, Panel } from "../../shared/states";
import { moment } from "../../shared/time";
import { useWords } from "../../shared/words";
import { usePlanning } from "../planning";

export function Files({ series, onChanged }: { series: SeriesShown; onChanged: () => void }) {
  const { t, language } = useWords();
  const planning = usePlanning();
  const [open, setOpen] = useState(false);
  const { data, error, reload } = useLoad(
    // biome-ignore lint/correctness/useExhaustiveDependencies: another number of intervals is another file
    useCallback(
      () => api.get<ImportShown[]>(`/api/planning/series/${encodeURIComponent(series.id)}/imports`),
      [series.id, series.intervals],
    ),
  );
  const { run, error: refused, busy, clear } = useCommand();
  const turn = async (one: ImportShown) => {
    const done = await run(() =>
      one.undone
        ? api.post(`/api/planning/imports/${one.id}/redo`)
        : api.drop(`/api/planning/imports/${one.id}`),
    );
    if (!done) return;
    reload();
    planning.series.reload();
    onChanged();
  };
  if (error) return <Failed error={error} retry={reload} />;
  if (!data?.length) return null;
  return (
    <Panel testid="files" label={t("plan.files")}>
      <button
        type="button"
        className="link"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        data-testid="files-open"
      >
        {t("plan.files")} <span className="dim num">{data.length}</span>
      </button>
      {refused ? <Failed error={refused} onClose={clear} /> : null}
      {open ? (
        <Table.ScrollContainer type="native" minWidth={860}>
          <Table verticalSpacing={5} className="board-table figures">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("plan.files.file")}</Table.Th>
                <Table.Th className="left">{t("plan.files.taken")}</Table.Th>
                <Table.Th className="left">{t("plan.series.history")}</Table.Th>
                <Table.Th>{t("plan.import.intervals")}</Table.Th>
                <Table.Th>{t("reports.calls")}</Table.Th>
                <Table.Th />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.map((one) => (
                <Table.Tr
                  key={one.id}
                  className={one.undone ? "dim" : undefined}
                  data-testid={`file-${one.id}`}
                >
                  <Table.Td>{one.undone ? <s>{one.file}</s> : one.file}</Table.Td>
                  <Table.Td className="left">
                    {moment(one.at, language)} {one.by}
                    {one.undone ? (
                      <Text size="xs">
                        {t("plan.files.undone", moment(one.undone_at, language), one.undone_by)}
                      </Text>
                    ) : null}
                  </Table.Td>
                  <Table.Td className="left">{spanWords(one.first, one.last, language)}</Table.Td>
                  <Table.Td>{figure(one.intervals, language)}</Table.Td>
                  <Table.Td>{callsWords(one.calls, language)}</Table.Td>
                  <Table.Td>
                    <Group justify="flex-end">
                      {planning.writes ? (
                        <Button
                          size="compact-xs"
                          variant="default"
                          disabled={busy}
                          onClick={() => void turn(one)}
                          data-testid="file-undo"
                        >
                          {t(one.undone ? "plan.files.redo" : "plan.files.undo")}
                        </Button>
                      ) : null}
                    </Group>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      ) : null}
    </Panel>
  );
}
