/** A new series, or what is known of one. */

import { Group, Modal, Select, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";

import { api, Problem } from "../../shared/api";
import { useCommand } from "../../shared/hooks";
import { tellDone } from "../../shared/notice";
import type { SeriesBody, SeriesShown } from "../../shared/schema";
import { Failed } from "../../shared/states";
import { ABOVE } from "../../shared/Unsaved";
import { useWords } from "../../shared/words";
import { Ask } from "../Ask";
import { FormEnd } from "../FormEnd";
import { faultsIn } from "../faults";
import { INTERVALS, zones } from "../zones";

interface Props {
  series: SeriesShown | null;
  onClose: () => void;
  onDone: () => void;
}

const KNOWN = ["id", "name", "interval_min", "zone", "calendar", "model"];

export function SeriesForm({ series, onClose, onDone }: Props) {
  const { t } = useWords();
  const [row, setRow] = useState<SeriesBody>(() => ({
    id: series?.id ?? "",
    name: series?.name ?? "",
    source: series?.source ?? "file",
    key: series?.key ?? "",
    interval_min: (series?.interval_min as SeriesBody["interval_min"]) ?? 30,
    zone: series?.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    calendar: series?.calendar ?? "default",
    model: series?.model ?? "auto",
  }));
  const [faults, setFaults] = useState<Record<string, string>>({});
  const [deleting, setDeleting] = useState(false);
  const { run, error, busy, clear } = useCommand();
  const change = (part: Partial<SeriesBody>) => setRow((was) => ({ ...was, ...part }));
  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (!row.name.trim()) {
      setFaults({ name: t("fault.missing") });
      return;
    }
    setFaults({});
    let refused = false;
    const saved = await run(async () => {
      try {
        if (series) await api.put(`/api/planning/series/${encodeURIComponent(series.id)}`, row);
        else await api.post("/api/planning/series", row);
      } catch (problem) {
        const found = problem instanceof Problem ? faultsIn(problem, KNOWN, t) : {};
        if (!Object.keys(found).length) throw problem;
        setFaults(found);
        refused = true;
      }
    });
    if (!saved || refused) return;
    tellDone(t("admin.saved", row.name));
    onDone();
  };
  const remove = async () => {
    setDeleting(false);
    if (!series) return;
    if (await run(() => api.drop(`/api/planning/series/${encodeURIComponent(series.id)}`))) {
      tellDone(t("admin.deleted", series.name));
      onDone();
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={series ? t("admin.edit", series.name) : t("plan.series.new")}
      closeButtonProps={{ "aria-label": t("history.close") }}
      data-testid="series-form"
    >
      <form onSubmit={save} noValidate>
        <Stack gap="sm">
          <TextInput
            label={t("field.name")}
            value={row.name}
            onChange={(event) => change({ name: event.currentTarget.value })}
            error={faults.name}
            data-autofocus
            data-testid="series-name"
          />
          <Group grow align="flex-start">
            <Select
              label={t("plan.series.interval")}
              data={INTERVALS.map((one) => ({ value: String(one), label: t("unit.min.of", one) }))}
              value={String(row.interval_min)}
              onChange={(next) => change({ interval_min: Number(next) as SeriesBody["interval_min"] })}
              allowDeselect={false}
              error={faults.interval_min}
            />
            <Select
              label={t("field.timezone")}
              data={zones(row.zone)}
              value={row.zone}
              onChange={(next) => next && change({ zone: next })}
              allowDeselect={false}
              searchable
              limit={50}
              error={faults.zone}
            />
          </Group>
          {faults[""] ? <Failed error={faults[""]} /> : null}
          {error ? <Failed error={error} onClose={clear} /> : null}
          <FormEnd
            name="series"
            busy={busy}
            onDelete={series ? () => setDeleting(true) : undefined}
            onClose={onClose}
          />
        </Stack>
      </form>
      {deleting && series ? (
        <Ask
          title={t("admin.delete.title", series.name)}
          help={t("plan.series.delete")}
          yes={t("admin.delete")}
          danger
          zIndex={ABOVE}
          onYes={() => void remove()}
          onNo={() => setDeleting(false)}
        />
      ) : null}
    </Modal>
  );
}
