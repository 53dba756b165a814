/** The desk while there is no call: how things stand, the agent's own day, and the calls before. */

import { Grid, Group, SimpleGrid, Stack, Text } from "@mantine/core";
import { IconHeadset } from "@tabler/icons-react";
import { useCallback, useEffect } from "react";
import { NextUp } from "../rosters/NextUp";
import { api } from "../shared/api";
import { useLoad } from "../shared/hooks";
import type { CallSummary, Me } from "../shared/schema";
import { Failed, Nothing, Panel } from "../shared/states";
import { clock, clockOr } from "../shared/time";
import type { AgentState, AgentView } from "../shared/types";
import { useWords, type Word } from "../shared/words";
import { Dial } from "./Dial";
import { figures, midnight } from "./figures";
import { Near } from "./Near";
import { Recent } from "./Recent";
import type { DeskModel } from "./useDesk";

/** Calls listed, and most calls of one day that are counted. */
const LISTED = 12;
const COUNTED = 500;
/** How long the note of the last call may take to reach the history, in milliseconds. */
const SETTLED_MS = 1500;

const HELP: Partial<Record<AgentState, Word>> = {
  available: "desk.idle.available",
  paused: "desk.idle.paused",
  missed: "desk.idle.missed",
  signed_out: "desk.idle.signed_out",
};

export function Idle({ me, desk }: { me: Me; desk: DeskModel }) {
  const { t } = useWords();
  const { agent } = desk;
  const state = agent?.state ?? "signed_out";
  const help = HELP[state];
  const near = desk.free && Object.keys(desk.floor.near).length > 0;
  const own = me.agent ?? "";
  const load = useCallback(async () => {
    // Who sees everybody's calls asks for those that name this agent; `own` makes sure of it.
    const q = me.role === "agent" ? "" : `&q=${encodeURIComponent(own)}`;
    const get = (query: string) => api.get<CallSummary[]>(`/api/history/calls?${query}${q}`);
    const [today, last] = await Promise.all([
      get(`limit=${COUNTED}&from=${midnight(Date.now())}`),
      get(`limit=${me.role === "agent" ? LISTED : 100}`),
    ]);
    return { day: figures(today, own), last: last.filter((c) => c.agent === own).slice(0, LISTED) };
  }, [me.role, own]);
  const { data, error, reload } = useLoad(load);
  useEffect(() => {
    const timer = setTimeout(reload, SETTLED_MS);
    return () => clearTimeout(timer);
  }, [reload]);
  return (
    <Grid gap="sm">
      <Grid.Col span={{ base: 12, md: 6, lg: 5 }}>
        <Stack gap="sm">
          {/* As high with calls nearby as without: nothing beneath moves while it is being touched. */}
          <Panel testid="idle" className="idle">
            {near ? (
              <Near desk={desk} />
            ) : (
              <Nothing
                icon={<IconHeadset size={34} stroke={1.4} />}
                title={t("desk.idle.title")}
                help={help ? t(help) : ""}
                testid="idle-text"
              />
            )}
          </Panel>
          <Dial desk={desk} />
          <Panel testid="today" label={t("desk.today")}>
            <Group justify="space-between" mb="xs" gap="xs">
              <Text fw={600} size="sm">
                {t("desk.today")}
              </Text>
              <NextUp skew={desk.floor.skew} />
            </Group>
            <SimpleGrid cols={2} spacing="md" verticalSpacing="sm">
              <Figure name={t("desk.today.answered")} value={data ? String(data.day.answered) : "–"} />
              <Figure name={t("desk.today.talk")} value={data ? clock(data.day.talk_s) : "–"} />
              <Figure name={t("desk.today.average")} value={clockOr(data?.day.average_s)} />
              <Figure name={t("bar.handled")} value={handled(agent)} />
            </SimpleGrid>
          </Panel>
        </Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 6, lg: 7 }}>
        {error ? <Failed error={error} retry={reload} /> : null}
        <Recent calls={data?.last ?? null} codes={desk.floor.wrap_up_codes} />
      </Grid.Col>
    </Grid>
  );
}

function handled(agent: AgentView | null): string {
  return agent && agent.state !== "signed_out" ? clock(agent.handled_s) : "–";
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <Text size="sm" className="dim">
        {name}
      </Text>
      <Text className="num" fz={22} fw={600} lh={1.3}>
        {value}
      </Text>
    </div>
  );
}
