/** Planning: from the history of calls to a forecast, from that to people. A page a step, a series at a time. */

import { Group, Select, Stack, Tabs, Title } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import { Broken } from "../shared/Broken";
import { go, usePath } from "../shared/path";
import type { Me, SeriesShown } from "../shared/schema";
import { Failed, Loading, Nothing, Panel } from "../shared/states";
import { useTitle } from "../shared/title";
import { useWords } from "../shared/words";
import { JobBar } from "./JobBar";
import { OverviewTab } from "./overview/OverviewTab";
import { PlanningProvider, usePlanning } from "./planning";
import { type PlanningTab, TABS, tabPath } from "./tabs";

const HistoryTab = lazy(() => import("./history/HistoryTab").then((m) => ({ default: m.HistoryTab })));
const CalendarTab = lazy(() => import("./calendar/CalendarTab").then((m) => ({ default: m.CalendarTab })));
const ForecastTab = lazy(() => import("./forecast/ForecastTab").then((m) => ({ default: m.ForecastTab })));
const StaffingTab = lazy(() => import("./staffing/StaffingTab").then((m) => ({ default: m.StaffingTab })));
const RostersTab = lazy(() => import("./rosters/RostersTab").then((m) => ({ default: m.RostersTab })));
const AccuracyTab = lazy(() => import("./accuracy/AccuracyTab").then((m) => ({ default: m.AccuracyTab })));

export function PlanningPage({ me }: { me: Me }) {
  return (
    <PlanningProvider me={me}>
      <Planned />
    </PlanningProvider>
  );
}

function Planned() {
  const { t } = useWords();
  const { series, chosen, choose } = usePlanning();
  const at = usePath().split("/")[2];
  const tab: PlanningTab = TABS.find((one) => one === at) ?? "overview";
  useTitle(`${t("plan.title")} · ${t(`plan.tab.${tab}`)}`);
  return (
    <Stack gap="sm" data-testid="planning">
      <Tabs
        value={tab}
        onChange={(next) => next && go(tabPath(next as PlanningTab))}
        keepMounted={false}
        activateTabWithKeyboard={false}
      >
        <Group justify="space-between" wrap="nowrap" align="center" gap="md">
          <Title order={1} size="h3">
            {t("plan.title")}
          </Title>
          <Tabs.List style={{ flex: 1 }} aria-label={t("plan.title")}>
            {TABS.map((one) => (
              <Tabs.Tab key={one} value={one} data-testid={`plan-${one}`}>
                {t(`plan.tab.${one}`)}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <Group gap="xs" wrap="nowrap">
            {chosen?.alarm ? (
              <IconAlertTriangle
                size={18}
                color="var(--cf-late)"
                role="img"
                aria-label={t("plan.alarm.sounds", chosen.name)}
              />
            ) : null}
            {series.data?.length && ofSeries(tab) ? (
              <Select
                w={230}
                size="sm"
                aria-label={t("plan.series")}
                data={series.data.map((one) => ({ value: one.id, label: one.name }))}
                value={chosen?.id ?? null}
                onChange={(next) => next && choose(next)}
                allowDeselect={false}
                searchable
                nothingFoundMessage={t("field.nothing")}
                data-testid="plan-series"
              />
            ) : null}
          </Group>
        </Group>
        <JobBar />
        <Tabs.Panel value={tab} pt="sm">
          {series.error ? <Failed error={series.error} retry={series.reload} /> : null}
          {!series.data && !series.error ? <Loading /> : null}
          {series.data ? (
            tab === "overview" ? (
              <OverviewTab />
            ) : tab === "rosters" ? (
              <Broken key={tab}>
                <Suspense fallback={<Loading />}>
                  <RostersTab />
                </Suspense>
              </Broken>
            ) : chosen ? (
              <Broken key={`${tab} ${chosen.id}`}>
                <Suspense fallback={<Loading />}>
                  <Tab tab={tab} series={chosen} />
                </Suspense>
              </Broken>
            ) : (
              <Panel>
                <Nothing title={t("plan.series.none")} help={t("plan.series.none.help")} />
              </Panel>
            )
          ) : null}
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}

/** Whether a page shows one series. */
function ofSeries(tab: PlanningTab): boolean {
  return tab !== "overview" && tab !== "rosters";
}

function Tab({ tab, series }: { tab: PlanningTab; series: SeriesShown }) {
  switch (tab) {
    case "overview":
    case "rosters":
      return null;
    case "history":
      return <HistoryTab series={series} />;
    case "calendar":
      return <CalendarTab series={series} />;
    case "forecast":
      return <ForecastTab series={series} />;
    case "staffing":
      return <StaffingTab series={series} />;
    case "accuracy":
      return <AccuracyTab series={series} />;
  }
}
