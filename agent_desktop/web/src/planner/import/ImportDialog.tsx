/** A file of history is looked through first; it is taken in whole, or not at all. */

import { Alert, Button, Group, Modal, Select, Stack, Text } from "@mantine/core";
import { IconFileImport } from "@tabler/icons-react";
import { type DragEvent, useCallback, useEffect, useRef, useState } from "react";
import { api, Problem } from "../../shared/api";
import { tellDone } from "../../shared/notice";
import type { ImportAnswer } from "../../shared/schema";
import { Failed, Loading } from "../../shared/states";
import { useWords } from "../../shared/words";
import { columnMap, decoded, type Head, head, type Role } from "../csv";
import { usePlanning } from "../planning";
import { zones } from "../zones";
import { Brought } from "./Brought";
import { ColumnsInput } from "./ColumnsInput";
import { Mistakes } from "./Mistakes";

interface Props {
  /** What the file is for unless something else is chosen; "": a series for each queue in it. */
  series?: string;
  onClose: () => void;
}

/** So much of a file is read here, for its headings. */
const BEGIN_BYTES = 64_000;
const MOST_BYTES = 16 * 1024 * 1024;
/** A large file may take so long, in ms. */
const PATIENCE_MS = 120_000;

export function ImportDialog({ series = "", onClose }: Props) {
  const { t } = useWords();
  const planning = usePlanning();
  const [file, setFile] = useState<File | null>(null);
  const [begin, setBegin] = useState<Head | null>(null);
  const [into, setInto] = useState(series);
  const [columns, setColumns] = useState<Partial<Record<Role, string>>>({});
  const target = planning.series.data?.find((one) => one.id === into);
  const [zone, setZone] = useState(
    target?.zone ?? planning.series.data?.[0]?.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
  );
  const [seen, setSeen] = useState<{ answer: ImportAnswer | null; problem: unknown; busy: boolean }>({
    answer: null,
    problem: null,
    busy: false,
  });
  const [keeping, setKeeping] = useState(false);
  const [over, setOver] = useState(false);
  const [round, setRound] = useState(0);
  const input = useRef<HTMLInputElement>(null);

  const send = useCallback(
    (dry: boolean) => {
      const query = new URLSearchParams({ file: file?.name ?? "" });
      // A series has its own zone.
      if (into) query.set("series", into);
      else query.set("zone", zone);
      const map = columnMap(columns);
      if (map) query.set("columns", map);
      if (dry) query.set("dry", "true");
      return api.post<ImportAnswer>(`/api/planning/imports?${query}`, file, { patience: PATIENCE_MS });
    },
    [file, into, zone, columns],
  );

  // Looked through as soon as it is chosen, and again when something else is said of it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `round` is the request to try again
  useEffect(() => {
    if (!file) return;
    let current = true;
    setSeen({ answer: null, problem: null, busy: true });
    send(true).then(
      (answer) => current && setSeen({ answer, problem: null, busy: false }),
      (problem: unknown) => current && setSeen({ answer: null, problem, busy: false }),
    );
    return () => {
      current = false;
    };
  }, [file, send, round]);

  const take = (chosen: File | null | undefined) => {
    if (!chosen) return;
    setColumns({});
    setBegin(null);
    if (chosen.size > MOST_BYTES) {
      setFile(null);
      setSeen({ answer: null, problem: new Problem(413, "", t("plan.import.large")), busy: false });
      return;
    }
    setFile(chosen);
    if (/\.xls[xm]?$/i.test(chosen.name)) return;
    chosen
      .slice(0, BEGIN_BYTES)
      .arrayBuffer()
      .then(
        (bytes) => setBegin(head(decoded(new Uint8Array(bytes)))),
        // It cannot be read any more; sending it says so.
        () => setBegin(null),
      );
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files[0]);
  };
  const keep = async () => {
    setKeeping(true);
    try {
      const answer = await send(false);
      tellDone(t("plan.import.done", answer.imports.map((one) => one.series_name).join(t("list.comma"))));
      planning.series.reload();
      onClose();
      const first = answer.imports[0];
      if (first) planning.choose(first.series);
    } catch (problem) {
      setSeen({ answer: null, problem, busy: false });
    } finally {
      setKeeping(false);
    }
  };
  // What is wrong with the file as a whole stands in one sentence; what is wrong in it, by row and column.
  const listed = seen.problem instanceof Problem ? seen.problem : null;
  const mistakes = listed?.errors.filter((one) => one.message !== listed.title) ?? [];
  return (
    <Modal
      opened
      onClose={onClose}
      size={720}
      title={t("plan.import.title")}
      closeButtonProps={{ "aria-label": t("history.close") }}
      data-testid="import"
    >
      <Stack gap="sm">
        <input
          ref={input}
          type="file"
          accept=".csv,.txt,.tsv,.xlsx,.xlsm"
          hidden
          onChange={(event) => {
            take(event.currentTarget.files?.[0]);
            // The same file, mended, is chosen again.
            event.currentTarget.value = "";
          }}
          data-testid="import-file"
        />
        <button
          type="button"
          className={over ? "drop over" : "drop"}
          onClick={() => input.current?.click()}
          onDragOver={(event) => {
            event.preventDefault();
            setOver(true);
          }}
          onDragLeave={() => setOver(false)}
          onDrop={drop}
          data-autofocus
          data-testid="import-drop"
        >
          <IconFileImport size={22} aria-hidden />
          <span>
            <b>{file ? file.name : t("plan.import.choose")}</b>
            <span className="under">{t("plan.import.help")}</span>
          </span>
        </button>
        <Group grow align="flex-start">
          <Select
            label={t("plan.import.into")}
            data={[
              { value: "", label: t("plan.import.by_queue") },
              ...(planning.series.data ?? []).map((one) => ({ value: one.id, label: one.name })),
            ]}
            value={into}
            onChange={(next) => {
              setInto(next ?? "");
              const found = planning.series.data?.find((one) => one.id === next);
              if (found) setZone(found.zone);
            }}
            allowDeselect={false}
            searchable
            data-testid="import-into"
          />
          <Select
            label={t("plan.import.zone")}
            data={zones(zone)}
            value={zone}
            onChange={(next) => next && setZone(next)}
            disabled={into !== ""}
            allowDeselect={false}
            searchable
            limit={50}
            data-testid="import-zone"
          />
        </Group>
        {begin ? <ColumnsInput begin={begin} chosen={columns} onChange={setColumns} /> : null}
        {seen.busy ? <Loading /> : null}
        {mistakes.length ? (
          <Mistakes mistakes={mistakes} />
        ) : seen.problem ? (
          <Failed error={seen.problem} retry={file ? () => setRound((n) => n + 1) : undefined} />
        ) : null}
        {seen.answer ? (
          seen.answer.imports.length ? (
            <Brought imports={seen.answer.imports} />
          ) : (
            <Alert color="orange" variant="light">
              {t("plan.import.nothing")}
            </Alert>
          )
        ) : null}
        <Group justify="space-between" wrap="nowrap">
          <Text size="sm" className="dim">
            {t("plan.import.whole")}
          </Text>
          <Group gap="xs" wrap="nowrap">
            <Button variant="default" onClick={onClose}>
              {t("admin.cancel")}
            </Button>
            <Button
              onClick={() => void keep()}
              loading={keeping}
              disabled={!seen.answer?.imports.length}
              data-testid="import-take"
            >
              {t("plan.import.take")}
            </Button>
          </Group>
        </Group>
      </Stack>
    </Modal>
  );
}
