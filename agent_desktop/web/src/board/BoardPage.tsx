/** The supervisor's live board: the floor at a glance, from across the desk or across the room. */

import { Box, Button, Group, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useFullscreenDocument, useViewportSize } from "@mantine/hooks";
import { IconMaximize, IconMinimize } from "@tabler/icons-react";
import type { CSSProperties } from "react";
import { useLive } from "../session/session";
import { useCalm, useNow } from "../shared/hooks";
import { LevelPicker } from "../shared/LevelPicker";
import { useLevel } from "../shared/level";
import { go, usePath } from "../shared/path";
import { Loading, Panel } from "../shared/states";
import { clockOr, percent, timeOfDay } from "../shared/time";
import { useTitle } from "../shared/title";
import { useWords } from "../shared/words";
import { AgentTable } from "./AgentTable";
import { AgentWall } from "./AgentWall";
import { CallTable } from "./CallTable";
import { QueueTable } from "./QueueTable";
import { totals } from "./totals";

/** A board is read: drawn no more often than this, in milliseconds. */
const DRAWN_MS = 250;

/** How many pixels wide the wall screen is drawn before it is enlarged to the screen there is. */
const WIDTH = { small: 1130, large: 1480 };

export function BoardPage() {
  const { t, language } = useWords();
  const floor = useCalm(useLive().floor, DRAWN_MS);
  const now = Math.floor(useNow(floor.skew) / 1000) * 1000;
  const { width } = useViewportSize();
  const wall = usePath() === "/board/wall";
  const [level] = useLevel();
  const { fullscreen, toggle } = useFullscreenDocument();
  const change = () => {
    if (fullscreen !== !wall) void toggle();
    go(wall ? "/board" : "/board/wall");
  };
  useTitle(t("board.title"));
  if (!floor.ready) return <Loading />;
  const sum = totals(floor, now, level);
  const role = floor.me?.role;
  const mayAct = !wall && (role === "supervisor" || role === "admin");
  const small = Object.keys(floor.queues).length <= 6 && Object.keys(floor.agents).length <= 40;
  const zoom = { "--zoom": Math.max(1, width / (small ? WIDTH.small : WIDTH.large)) } as CSSProperties;
  const tiles: [string, string, string, boolean][] = [
    ["waiting", t("board.waiting"), String(sum.waiting), sum.waiting > sum.available && sum.waiting > 0],
    ["longest", t("board.longest"), clockOr(sum.longest_s), sum.late],
    ["talking", t("board.talking"), String(sum.talking), false],
    ["available", t("board.available"), String(sum.available), false],
    ["service", t("board.service"), percent(sum.service), sum.below],
    ["abandoned", t("board.abandoned"), String(sum.abandoned), false],
  ];
  return (
    <Box className={wall ? "wall" : ""} style={wall ? zoom : undefined} data-testid="board">
      <Stack gap="md" className="board">
        <Group justify="space-between">
          <Title order={1} size="h3">
            {t("board.title")}
          </Title>
          {wall ? (
            <Text className="num" fz="xl" fw={600} ml="auto" data-testid="wall-clock">
              {timeOfDay(now, language)}
            </Text>
          ) : null}
          <Button
            variant="subtle"
            color="gray"
            size="compact-md"
            leftSection={wall ? <IconMinimize size={16} /> : <IconMaximize size={16} />}
            onClick={change}
            data-testid="wall"
          >
            {wall ? t("board.unwall") : t("board.wall")}
          </Button>
        </Group>
        <SimpleGrid cols={{ base: 2, sm: 3, md: 6 }} spacing="sm">
          {tiles.map(([id, name, value, alert]) => (
            <Box
              key={id}
              className={`panel ${alert ? "alert" : ""}`}
              px="md"
              py="xs"
              data-testid={`tile-${id}`}
            >
              <Text size={wall ? "lg" : "sm"} className="dim">
                {name}
              </Text>
              <Text
                className="num"
                fw={600}
                fz={wall ? 38 : 28}
                lh={1.2}
                c={alert ? "var(--cf-late)" : undefined}
              >
                {value}
              </Text>
            </Box>
          ))}
        </SimpleGrid>
        <Panel testid="board-queues" label={t("board.queues")} className={wall ? "wall-queues" : ""}>
          {wall ? null : (
            <Group justify="space-between" mb={6}>
              <Text fw={600}>{t("board.queues")}</Text>
              <LevelPicker />
            </Group>
          )}
          <QueueTable floor={floor} now={now} level={level} worstFirst={wall} mayAct={mayAct} />
        </Panel>
        {wall ? (
          <Panel testid="board-agents" label={t("board.agents")} className="wall-rest">
            <AgentWall floor={floor} now={now} />
          </Panel>
        ) : (
          <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
            <Panel testid="board-agents" label={t("board.agents")}>
              <AgentTable floor={floor} now={now} mayAct={mayAct} />
            </Panel>
            <Panel testid="board-calls" label={t("board.calls")}>
              <CallTable floor={floor} now={now} mayAct={mayAct} />
            </Panel>
          </SimpleGrid>
        )}
      </Stack>
    </Box>
  );
}
