/** How many people, by interval: the whole span as a line, a day as a table. */

import { ActionIcon, Button, Group, Table, Text } from "@mantine/core";
import { IconChevronLeft, IconChevronRight, IconDownload } from "@tabler/icons-react";
import { type KeyboardEvent, type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { callsWords, dayWords, figure, percentWords, secondsWords, shareWords } from "../../shared/format";
import { useSearch } from "../../shared/path";
import { nearest } from "../../shared/plot/columns";
import type { Layer } from "../../shared/plot/layers";
import { Plot } from "../../shared/plot/Plot";
import { daysOf, PlotTools } from "../../shared/plot/PlotTools";
import { Readout } from "../../shared/plot/Readout";
import { momentText, viewText } from "../../shared/plot/timeTicks";
import { usePlotHeight } from "../../shared/plot/usePlotHeight";
import { useView } from "../../shared/plot/useView";
import { DAY, dayNumber, dayText, HOUR, minuteText } from "../../shared/plot/zone";
import type { ForecastShown, RequirementColumns } from "../../shared/schema";
import { Panel } from "../../shared/states";
import { useWords } from "../../shared/words";
import { Fact } from "../forecast/Summary";
import { useClock } from "../planning";
import { pickedOf, SHOWN } from "./picked";

/** What the sticky headings of the table take, in pixels. */
const HEAD = 34;
/** To choose from, in days. */
const LENGTHS = [1, 7, 28] as const;

interface Props {
  forecast: ForecastShown;
  required: RequirementColumns;
  /** Another requirement of the forecast is chosen here. */
  others: ReactNode;
}

export function Required({ forecast, required, others }: Props) {
  const { t, language } = useWords();
  const clock = useClock(forecast.zone);
  const [search, change] = useSearch();
  const height = usePlotHeight(210);
  const [cursor, setCursor] = useState<number | null>(null);
  const body = useRef<HTMLTableSectionElement>(null);
  const interval = required.interval_min * 60_000;
  const times = useMemo(() => Float64Array.from(required.starts), [required.starts]);
  const layers = useMemo<Layer[]>(
    () => [
      {
        kind: "step",
        name: "scheduled",
        color: "var(--cf-plot-human)",
        values: Float64Array.from(required.scheduled),
      },
      {
        kind: "step",
        name: "agents",
        color: "var(--cf-plot-forecast)",
        values: Float64Array.from(required.agents),
      },
    ],
    [required.scheduled, required.agents],
  );
  const limits = useMemo(
    () => ({
      from: clock.start(dayNumber(forecast.first)),
      to: clock.start(dayNumber(forecast.last) + 1),
      least: 2 * HOUR,
    }),
    [forecast.first, forecast.last, clock],
  );
  const usual = useMemo(
    () => ({ from: limits.from, to: Math.min(limits.to, limits.from + SHOWN) }),
    [limits],
  );
  const [view, move] = useView("sview", limits, usual, clock);
  const at = pickedOf(required, search.get("at"));
  const day = clock.day(times[at] ?? limits.from);
  const rows = useMemo(
    () => Array.from(times, (_, n) => n).filter((n) => clock.day(times[n] as number) === day),
    [times, day, clock],
  );
  const pick = (n: number) => {
    const time = times[Math.max(0, Math.min(times.length - 1, n))];
    if (time === undefined) return;
    change({ at: String(time) });
    move({ kind: "reveal", at: time });
  };
  // The row that is picked is in sight; nothing else on the page moves for it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the rows are there once they are drawn
  useEffect(() => {
    const row = body.current?.querySelector<HTMLElement>('[aria-selected="true"]');
    const box = body.current?.closest<HTMLElement>(".required-rows");
    if (!row || !box) return;
    const [top, bottom] = [row.offsetTop - HEAD, row.offsetTop + row.offsetHeight];
    if (top < box.scrollTop || bottom > box.scrollTop + box.clientHeight)
      box.scrollTop = top - box.clientHeight / 3;
  }, [at, rows]);
  /** The same time of another day. */
  const turn = (days: number) => pick(nearest(times, (times[at] as number) + days * DAY));
  const key = (event: KeyboardEvent) => {
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    pick(at + step);
    requestAnimationFrame(() => body.current?.querySelector<HTMLElement>('[aria-selected="true"]')?.focus());
  };
  const here = cursor !== null && cursor < times.length ? cursor : null;
  const seconds = (value: number | null | undefined) =>
    secondsWords(value, language, (n) => t("unit.s.of", n));
  const said = (n: number) =>
    `${momentText(times[n] ?? 0, clock, language, true)}: ${t("plan.staff.agents")} ${required.agents[n]}, ${t("plan.staff.scheduled")} ${required.scheduled[n]}`;
  return (
    <Panel testid="required" label={t("plan.staff.required")}>
      <Group justify="space-between" mb={4} gap="xs" align="flex-start">
        <Group gap="4px 20px">
          <Fact
            label={t("plan.staff.agent_hours")}
            value={figure(required.agent_hours, language)}
            testid="agent-hours"
          />
          <Fact
            label={t("plan.staff.scheduled_hours")}
            value={figure(required.scheduled_hours, language)}
            testid="scheduled-hours"
          />
          <Fact
            label={t("plan.staff.peak")}
            value={`${required.peak_agents} / ${required.peak_scheduled}`}
            testid="peak"
          />
          <Fact label={t("plan.staff.shrinkage")} value={percentWords(required.shrinkage * 100, language)} />
        </Group>
        <Group gap="xs" wrap="nowrap">
          {others}
          <Button
            component="a"
            href={`/api/planning/requirements/${required.id}?format=csv`}
            download
            size="compact-sm"
            variant="subtle"
            color="gray"
            leftSection={<IconDownload size={15} />}
            data-testid="requirement-csv"
          >
            CSV
          </Button>
        </Group>
      </Group>
      <Group justify="space-between" wrap="nowrap" gap="xs" align="flex-start">
        <Readout
          at={
            here === null
              ? viewText(view, clock, language)
              : momentText(times[here] ?? 0, clock, language, true)
          }
          readings={[
            {
              name: t("plan.staff.agents"),
              color: "var(--cf-plot-forecast)",
              value: here === null ? undefined : String(required.agents[here]),
            },
            {
              name: t("plan.staff.scheduled"),
              color: "var(--cf-plot-human)",
              value: here === null ? undefined : String(required.scheduled[here]),
            },
          ]}
        />
        <PlotTools days={daysOf(view)} onMove={move} lengths={LENGTHS} />
      </Group>
      <Plot
        label={t("plan.staff.plot")}
        clock={clock}
        locale={language}
        interval={interval}
        times={times}
        layers={layers}
        view={view}
        onMove={move}
        cursor={here}
        onCursor={setCursor}
        said={said}
        height={height}
        testid="required-plot"
      />
      <Group gap="xs" mt="xs" mb={4}>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t("plan.day.before")}
          onClick={() => turn(-1)}
          data-testid="day-before"
        >
          <IconChevronLeft size={17} />
        </ActionIcon>
        <Text size="sm" fw={600} miw={140} ta="center" data-testid="required-day">
          {dayWords(dayText(day), language, forecast.first)}
        </Text>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t("plan.day.after")}
          onClick={() => turn(1)}
          data-testid="day-after"
        >
          <IconChevronRight size={17} />
        </ActionIcon>
      </Group>
      <div className="required-rows">
        <Table verticalSpacing={2} className="board-table figures" stickyHeader>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("history.time")}</Table.Th>
              <Table.Th>{t("reports.calls")}</Table.Th>
              <Table.Th>{t("board.aht")}</Table.Th>
              <Table.Th>{t("plan.staff.agents")}</Table.Th>
              <Table.Th>{t("plan.staff.scheduled")}</Table.Th>
              <Table.Th>{t("board.service")}</Table.Th>
              <Table.Th>{t("board.asa")}</Table.Th>
              <Table.Th>{t("board.occupancy")}</Table.Th>
              <Table.Th>{t("reports.abandonment")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody ref={body} onKeyDown={key}>
            {rows.map((n) => (
              <Table.Tr
                key={times[n]}
                className="clickable pick"
                aria-selected={n === at}
                tabIndex={n === at ? 0 : -1}
                onClick={() => pick(n)}
                data-testid={`required-${minuteText(clock.minute(times[n] as number))}`}
              >
                <Table.Td>{minuteText(clock.minute(times[n] as number))}</Table.Td>
                <Table.Td>{callsWords(required.calls[n], language)}</Table.Td>
                <Table.Td>{seconds(required.aht_s[n])}</Table.Td>
                <Table.Td fw={600}>{required.agents[n]}</Table.Td>
                <Table.Td fw={600}>{required.scheduled[n]}</Table.Td>
                <Table.Td>{shareWords(required.service_level[n], language)}</Table.Td>
                <Table.Td>{seconds(required.asa_s[n])}</Table.Td>
                <Table.Td>{shareWords(required.occupancy[n], language)}</Table.Td>
                <Table.Td>{shareWords(required.abandonment[n], language)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
    </Panel>
  );
}
