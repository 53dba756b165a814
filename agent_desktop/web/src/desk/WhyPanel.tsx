/** Why the call came to this agent: the floor's own reasons, with the other candidates. */

import { Group, Stack, Text } from "@mantine/core";
import type { Floor } from "../shared/floor";
import { Panel } from "../shared/states";
import { clock } from "../shared/time";
import type { OfferView, WhyCandidate } from "../shared/types";
import { useWords, type Words } from "../shared/words";
import { filterWords } from "./filtered";

/** Most candidates shown: the rest is in the call's story. */
const MOST = 5;

export function WhyPanel({ offer, floor }: { offer: OfferView; floor: Floor }) {
  const { t } = useWords();
  const { why } = offer;
  const waited = Math.round(why.waited_s);
  const name = (agent: string) => why.candidates.find((one) => one.agent === agent)?.name ?? agent;
  const given = /^assigned by (.+)$/.exec(why.strategy);
  const priority = Math.round(why.priority * 10) / 10;
  return (
    <Panel testid="why" label={t("desk.why")}>
      <Stack gap={4}>
        <Text fw={600} size="sm">
          {t("desk.why")}
        </Text>
        <Text size="sm">
          {why.ahead_of > 0
            ? t("desk.why.text", waited, priority, why.ahead_of)
            : t("desk.why.text0", waited, priority)}
        </Text>
        {given ? <Text size="sm">{t("desk.why.given", given[1] ?? "")}</Text> : null}
        {why.candidates.slice(0, MOST).map((one) => (
          <Group key={one.agent} justify="space-between" gap="xs">
            <Text size="sm" fw={one.agent === offer.agent ? 600 : 400}>
              {one.name || (floor.agents[one.agent]?.name ?? one.agent)}
              {one.agent === offer.agent ? ` · ${t("desk.why.chosen")}` : ""}
            </Text>
            <Text size="sm" className="dim num">
              {reason(one, t, name)}
            </Text>
          </Group>
        ))}
      </Stack>
    </Panel>
  );
}

function reason(one: WhyCandidate, t: Words["t"], name: (agent: string) => string): string {
  if (one.filtered) return filterWords(one.filtered, t, name);
  return `${t("desk.why.handled", clock(one.handled_s))} · ${t("desk.why.idle", clock(one.idle_s))}`;
}
