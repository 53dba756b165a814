/** A new problem: put together from requirements, people and rule books, or a file that has all of it. */

import {
  Button,
  Checkbox,
  FileInput,
  Group,
  Modal,
  MultiSelect,
  SegmentedControl,
  Select,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { type FormEvent, useCallback, useState } from "react";
import { api, Problem } from "../../shared/api";
import { spanWords } from "../../shared/format";
import { useCommand, useLoad } from "../../shared/hooks";
import type {
  ForecastShown,
  RequirementShown,
  RosterAssembled,
  RosterBookShown,
  RosterProblemShown,
} from "../../shared/schema";
import { Failed } from "../../shared/states";
import { useWords } from "../../shared/words";
import { decoded } from "../csv";
import { usePlanning } from "../planning";

interface Props {
  group: string;
  onMade: (problem: RosterProblemShown, notes: readonly string[]) => void;
  onClose: () => void;
}

/** Bytes of a file: the server takes no more in one body. */
const MOST_BYTES = 900_000;
/** Rules most places begin with. */
const USUAL = ["cn-labour.toml", "fairness.toml"];

interface Offered {
  id: number;
  skill: string;
  zone: string;
  label: string;
}

async function offered(series: readonly { id: string; name: string; zone: string }[], language: string) {
  const found: Offered[] = [];
  for (const one of series) {
    const forecasts = await api.get<ForecastShown[]>(
      `/api/planning/series/${encodeURIComponent(one.id)}/forecasts`,
    );
    // Requirements are there for what is planned by the interval, and of those the newest matter.
    for (const forecast of forecasts
      .filter((each) => each.kind !== "year" && each.interval_min < 1440)
      .slice(0, 4)) {
      const made = await api.get<RequirementShown[]>(`/api/planning/forecasts/${forecast.id}/requirements`);
      for (const requirement of made.slice(0, 3))
        found.push({
          id: requirement.id,
          skill: one.id,
          zone: one.zone,
          label: `${one.name} · ${spanWords(forecast.first, forecast.last, language)} (${requirement.id})`,
        });
    }
  }
  return found;
}

export function NewProblem({ group: first, onMade, onClose }: Props) {
  const { t, language } = useWords();
  const { series } = usePlanning();
  const [way, setWay] = useState<"parts" | "file">("parts");
  const [name, setName] = useState("");
  const [group, setGroup] = useState(first);
  const [requests, setRequests] = useState(true);
  const [chosen, setChosen] = useState<string[]>([]);
  const [column, setColumn] = useState<"agents" | "scheduled">("scheduled");
  const [people, setPeople] = useState<File | null>(null);
  const [books, setBooks] = useState<string[]>(USUAL);
  const [file, setFile] = useState<File | null>(null);
  const { run, error, busy } = useCommand();
  const known = series.data;
  const requirements = useLoad(
    useCallback(() => (known ? offered(known, language) : Promise.resolve(null)), [known, language]),
  );
  const ready = useLoad(useCallback(() => api.get<RosterBookShown[]>("/api/rosters/books"), []));
  const picked = (requirements.data ?? []).filter((one) => chosen.includes(String(one.id)));
  const can = name.trim() && group.trim() && (way === "file" ? file : picked.length);

  const make = async (event: FormEvent) => {
    event.preventDefault();
    await run(async () => {
      const about = { group: group.trim(), name: name.trim(), requests };
      if (way === "file") {
        const problem = await api.post<RosterProblemShown>("/api/rosters/problems", {
          ...about,
          problem: read(await (file as File).text(), t("sched.new.no_json")),
        });
        onMade(problem, []);
        return;
      }
      const texts: Record<string, string> = {};
      for (const one of picked) {
        const answer = await fetch(`/api/planning/requirements/${one.id}?format=csv`);
        if (!answer.ok) throw new Problem(answer.status, answer.statusText, "");
        texts[one.skill] = narrow(await answer.text(), column);
      }
      const made = await api.post<RosterAssembled>("/api/rosters/problems/assemble", {
        ...about,
        requirements: texts,
        column,
        people: people ? decoded(new Uint8Array(await people.arrayBuffer())) : "",
        books,
        zone: picked[0]?.zone ?? "UTC",
      });
      onMade(made.problem, made.notes);
    });
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("sched.new")}
      size="lg"
      closeButtonProps={{ "aria-label": t("history.close") }}
      data-testid="new-problem"
    >
      <form onSubmit={make}>
        <Stack gap="sm">
          <SegmentedControl
            aria-label={t("sched.new.way")}
            value={way}
            onChange={(next) => setWay(next as "parts" | "file")}
            data={[
              { value: "parts", label: t("sched.new.parts") },
              { value: "file", label: t("sched.new.file") },
            ]}
          />
          <Group grow align="flex-start">
            <TextInput
              label={t("sched.name")}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              maxLength={128}
              required
              data-autofocus
              data-testid="new-name"
            />
            <TextInput
              label={t("sched.group")}
              description={t("sched.group.help")}
              inputWrapperOrder={["label", "input", "description", "error"]}
              value={group}
              onChange={(event) => setGroup(event.currentTarget.value)}
              maxLength={64}
              required
              data-testid="new-group"
            />
          </Group>
          {way === "file" ? (
            <FileInput
              label={t("sched.new.json")}
              description={t("sched.new.json.help")}
              placeholder={t("sched.choose_file")}
              accept=".json,application/json"
              value={file}
              onChange={setFile}
              error={file && file.size > MOST_BYTES ? t("sched.new.large") : null}
              data-testid="new-file"
            />
          ) : (
            <>
              <MultiSelect
                label={t("sched.new.requirements")}
                description={t("sched.new.requirements.help")}
                placeholder={chosen.length ? undefined : t("sched.new.requirements.none")}
                data={(requirements.data ?? []).map((one) => ({ value: String(one.id), label: one.label }))}
                value={chosen}
                // A kind of work has one requirement.
                onChange={(next) => setChosen(oneEach(next, requirements.data ?? []))}
                nothingFoundMessage={t("sched.new.requirements.nothing")}
                searchable
                error={requirements.error ? t("error.generic", String(requirements.error)) : null}
                data-testid="new-requirements"
              />
              <Select
                label={t("sched.new.column")}
                data={[
                  { value: "scheduled", label: t("plan.staff.scheduled") },
                  { value: "agents", label: t("plan.staff.agents") },
                ]}
                value={column}
                onChange={(next) => next && setColumn(next as "agents" | "scheduled")}
                allowDeselect={false}
              />
              <FileInput
                label={t("sched.new.people")}
                description={t("sched.new.people.help")}
                placeholder={t("sched.new.people.all")}
                accept=".csv,text/csv"
                value={people}
                onChange={setPeople}
                clearable
              />
              <MultiSelect
                label={t("sched.new.books")}
                data={(ready.data ?? []).map((one) => ({
                  value: one.name,
                  label: one.title || one.name,
                }))}
                value={ready.data ? books : []}
                onChange={setBooks}
                searchable
              />
            </>
          )}
          <Checkbox
            label={t("sched.new.requests")}
            checked={requests}
            onChange={(event) => setRequests(event.currentTarget.checked)}
          />
          {error ? <Refused error={error} /> : null}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t("admin.cancel")}
            </Button>
            <Button type="submit" loading={busy} disabled={!can} data-testid="new-go">
              {t("sched.new.go")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** What is wrong with it, each with its place. */
function Refused({ error }: { error: unknown }) {
  if (!(error instanceof Problem) || !error.errors.length) return <Failed error={error} />;
  return (
    <ul className="said" role="alert" data-testid="new-mistakes">
      {error.errors.slice(0, 20).map((one) => (
        <li key={`${one.at} ${one.message}`}>
          <Text span size="sm" fw={600}>
            {one.at}
          </Text>{" "}
          <Text span size="sm">
            {one.message}
          </Text>
        </li>
      ))}
    </ul>
  );
}

/** Only the columns that are asked for: a body has its limit. */
function narrow(csv: string, column: string): string {
  const [head = "", ...rows] = csv.trim().split(/\r?\n/);
  const names = head.replace(/^\uFEFF/, "").split(",");
  const places = ["timestamp", column].map((one) => names.indexOf(one));
  if (places.includes(-1)) return csv;
  return [names, ...rows.map((row) => row.split(","))]
    .map((row) => places.map((place) => row[place]).join(","))
    .join("\n");
}

function oneEach(next: readonly string[], all: readonly Offered[]): string[] {
  const of = new Map<string, string>();
  for (const id of next) {
    const one = all.find((each) => String(each.id) === id);
    if (one) of.set(one.skill, id);
  }
  return [...of.values()];
}

function read(text: string, no: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Problem(422, "", no);
  }
}
