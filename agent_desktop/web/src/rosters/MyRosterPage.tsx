/** An agent's own roster: today in a strip, the week or month, requests, and how the plan was kept. */

import { Badge, Group, Stack, Tabs, Title } from "@mantine/core";
import { lazy, Suspense, useCallback, useMemo } from "react";
import { useLive } from "../session/session";
import { api } from "../shared/api";
import { addDays } from "../shared/format";
import { useFresh, useNow } from "../shared/hooks";
import { go, usePath, useSearch } from "../shared/path";
import { HOUR, ZoneClock } from "../shared/plot/zone";
import type { Me, MyRoster } from "../shared/schema";
import { Failed, Loading, Nothing, Panel } from "../shared/states";
import { useTitle } from "../shared/title";
import { useWords } from "../shared/words";
import { dayOfWall } from "./days";
import { AskDialog } from "./mine/AskDialog";
import { MyRequests } from "./mine/MyRequests";
import { RosterTab } from "./mine/RosterTab";
import { Today } from "./mine/Today";
import { timeWords } from "./time";
import { useWaiting } from "./waiting";
import "./rosters.css";

const MyAdherence = lazy(() => import("./mine/MyAdherence").then((m) => ({ default: m.MyAdherence })));
const TABS = ["roster", "requests", "adherence"] as const;
/** How often the roster is read again, in ms: it is published, not lived. */
const FRESH_MS = 5 * 60_000;

export function MyRosterPage({ me }: { me: Me }) {
  const { t } = useWords();
  useTitle(t("nav.roster"));
  if (!me.agent) return <Nothing title={t("roster.noagent")} help={t("roster.noagent.help")} />;
  return <Mine me={me} />;
}

/** What is around today, for the strip: the days before and after, and the shift that comes next. */
export function useAround(skew: number) {
  const day = useNow(skew, HOUR / 4);
  const first = addDays(new Date(day).toISOString().slice(0, 10), -2);
  return useFresh(
    useCallback(() => api.get<MyRoster>(`/api/rosters/mine?from=${first}&to=${addDays(first, 35)}`), [first]),
    FRESH_MS,
  );
}

function Mine({ me }: { me: Me }) {
  const { t, language } = useWords();
  const { floor } = useLive();
  const now = useNow(floor.skew, 10_000);
  const around = useAround(floor.skew);
  const waiting = useWaiting(me);
  const [search, change] = useSearch();
  const at = usePath().split("/")[2];
  const tab = TABS.find((one) => one === at) ?? "roster";
  const zone = around.data?.zone;
  const clock = useMemo(
    () => new ZoneClock(zone || Intl.DateTimeFormat().resolvedOptions().timeZone),
    [zone],
  );
  const today = dayOfWall(clock.wall(now));
  const time = useCallback((moment: number) => timeWords(moment, clock, language), [clock, language]);
  return (
    <Stack gap="sm" className="my-roster" data-testid="my-roster">
      <Tabs
        value={tab}
        onChange={(next) => go(`/roster${next === "roster" ? "" : `/${next}`}${location.search}`)}
        keepMounted={false}
        activateTabWithKeyboard={false}
      >
        <Group justify="space-between" gap="md" align="end">
          <Title order={1} size="h3">
            {t("nav.roster")}
          </Title>
          <Tabs.List style={{ flex: 1 }} aria-label={t("nav.roster")}>
            {TABS.map((one) => (
              <Tabs.Tab
                key={one}
                value={one}
                data-testid={`roster-tab-${one}`}
                rightSection={
                  one === "requests" && waiting.agree ? (
                    <Badge
                      size="sm"
                      circle
                      color="orange.9"
                      aria-label={t("roster.waiting.agree", waiting.agree)}
                    >
                      {waiting.agree}
                    </Badge>
                  ) : null
                }
              >
                {t(`roster.tab.${one}`)}
              </Tabs.Tab>
            ))}
          </Tabs.List>
        </Group>
        <Tabs.Panel value={tab} pt="sm">
          <Stack gap="sm">
            {around.error ? <Failed error={around.error} retry={around.reload} /> : null}
            {!around.data && !around.error ? <Loading /> : null}
            {around.data ? (
              <>
                {tab !== "adherence" && around.data.zone ? (
                  <Today roster={around.data} now={now} today={today} clock={clock} time={time} />
                ) : null}
                {tab === "roster" ? (
                  around.data.zone ? (
                    <RosterTab me={me} today={today} clock={clock} time={time} />
                  ) : (
                    <Panel>
                      <Nothing title={t("roster.none")} help={t("roster.none.help")} testid="roster-none" />
                    </Panel>
                  )
                ) : tab === "requests" ? (
                  <MyRequests me={me.agent ?? ""} onAsk={() => change({ ask: "swap" })} />
                ) : (
                  <Suspense fallback={<Loading />}>
                    <MyAdherence today={today} />
                  </Suspense>
                )}
              </>
            ) : null}
          </Stack>
        </Tabs.Panel>
      </Tabs>
      {search.get("ask") ? <AskDialog me={me} today={today} onClose={() => change({ ask: "" })} /> : null}
    </Stack>
  );
}
