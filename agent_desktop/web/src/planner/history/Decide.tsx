/** What the planner says of a finding, and who said what before. */

import { Button, Group, NumberInput, Stack, Text, TextInput } from "@mantine/core";
import { useCallback, useState } from "react";
import { api } from "../../shared/api";
import { useLoad } from "../../shared/hooks";
import { Key } from "../../shared/Key";
import { momentText } from "../../shared/plot/timeTicks";
import type { ZoneClock } from "../../shared/plot/zone";
import { known } from "../../shared/refusal";
import type { DecisionBody, DecisionShown, FindingShown } from "../../shared/schema";
import { Failed } from "../../shared/states";
import { moment } from "../../shared/time";
import { useWords } from "../../shared/words";
import { wordOr } from "../../shared/words/choice";
import { isExplained } from "./findings";

interface Props {
  finding: FindingShown;
  clock: ZoneClock;
  busy: boolean;
  writes: boolean;
  onDecide: (body: DecisionBody) => void;
}

export function Decide({ finding, clock, busy, writes, onDecide }: Props) {
  const { t, language } = useWords();
  const [note, setNote] = useState(finding.note);
  const [changing, setChanging] = useState(finding.state === "changed");
  const [percent, setPercent] = useState<number | "">(
    finding.factor === null ? "" : Math.round(finding.factor * 1000) / 10,
  );
  const { data: trail, error } = useLoad(
    useCallback(() => api.get<DecisionShown[]>(`/api/planning/findings/${finding.id}/trail`), [finding.id]),
  );
  const say = (state: DecisionBody["state"], factor: number | null = null) =>
    onDecide({ state, factor, note });
  return (
    <Stack gap="xs" className="decide" data-testid="decide">
      <Text size="sm">
        <span className="num">
          {momentText(finding.begin, clock, language, true)} –{" "}
          {momentText(finding.end, clock, language, true)}
        </span>{" "}
        <span className="dim">
          {Object.entries(finding.methods)
            .map(
              ([method, sure]) =>
                `${wordOr(t, "plan.method.", method.replaceAll(" ", "_"))} ${Math.round(sure * 100)}%`,
            )
            .join(" · ")}
        </span>
      </Text>
      {finding.said && !isExplained(finding) ? (
        <Text size="sm">{known(finding.said, t) ?? finding.said}</Text>
      ) : null}
      {writes ? (
        <>
          <TextInput
            size="xs"
            placeholder={t("plan.finding.note")}
            aria-label={t("plan.finding.note")}
            maxLength={512}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
            data-testid="finding-note"
          />
          <Group gap="xs">
            <Button
              size="xs"
              disabled={busy || finding.state === "accepted"}
              onClick={() => say("accepted")}
              rightSection={<Key name="A" />}
              aria-keyshortcuts="a"
              data-testid="finding-accept"
            >
              {t("plan.finding.accept")}
            </Button>
            <Button
              size="xs"
              variant="default"
              disabled={busy || finding.state === "undone"}
              onClick={() => say("undone")}
              rightSection={<Key name="U" />}
              aria-keyshortcuts="u"
              data-testid="finding-undo"
            >
              {t("plan.finding.undo")}
            </Button>
            <Button
              size="xs"
              variant="default"
              disabled={busy}
              aria-expanded={changing}
              onClick={() => setChanging(!changing)}
              data-testid="finding-change"
            >
              {t("plan.finding.change")}
            </Button>
            {finding.state !== "proposed" ? (
              <Button
                size="xs"
                variant="subtle"
                color="gray"
                disabled={busy}
                onClick={() => say("proposed")}
                rightSection={<Key name="R" />}
                aria-keyshortcuts="r"
              >
                {t("plan.finding.reopen")}
              </Button>
            ) : null}
          </Group>
          {changing ? (
            <Group gap="xs" align="flex-end">
              <NumberInput
                size="xs"
                w={210}
                label={t("plan.finding.factor")}
                placeholder={t("plan.finding.factor.none")}
                suffix=" %"
                min={0}
                max={10_000}
                value={percent}
                onChange={(next) => setPercent(next === "" ? "" : Number(next))}
                data-testid="finding-factor"
              />
              <Button
                size="xs"
                disabled={busy}
                onClick={() => say("changed", percent === "" ? null : percent / 100)}
                data-testid="finding-change-save"
              >
                {t("admin.save")}
              </Button>
            </Group>
          ) : null}
        </>
      ) : null}
      {error ? <Failed error={error} /> : null}
      {trail?.length ? (
        <Stack gap={2} data-testid="finding-trail">
          {trail.map((one) => (
            <Text size="xs" key={`${one.at} ${one.state}`}>
              <span className="dim num">{moment(one.at, language)}</span> {one.by}:{" "}
              {t(`plan.finding.${one.state}`)}
              {one.factor !== null ? ` ${Math.round(one.factor * 1000) / 10} %` : ""}
              {one.note ? <span className="dim"> {one.note}</span> : null}
            </Text>
          ))}
        </Stack>
      ) : null}
    </Stack>
  );
}
