/** Who I am to the floor: state with its timer, ready, pause with a reason, start and end of work, the phone's health. */

import { Badge, Box, Button, Group, Menu, Text } from "@mantine/core";
import { IconChevronDown, IconHeadset, IconPhone, IconPhoneOff } from "@tabler/icons-react";
import { Dot } from "../shared/Dot";
import { useNow } from "../shared/hooks";
import { Key } from "../shared/Key";
import { STATE_COLOR } from "../shared/stateColor";
import { Panel } from "../shared/states";
import { clock } from "../shared/time";
import { useWords, type Word } from "../shared/words";
import { choiceName, reasonName } from "../shared/words/choice";
import type { PhoneState } from "../softphone/phone";
import { allowNotes } from "./outside";
import type { DeskModel } from "./useDesk";

interface Props {
  desk: DeskModel;
  pauseOpen: boolean;
  setPauseOpen: (open: boolean) => void;
  onHeadset: () => void;
}

export function StateBar({ desk, pauseOpen, setPauseOpen, onHeadset }: Props) {
  const words = useWords();
  const { t, language } = words;
  const { floor, agent, phone } = desk;
  const now = useNow(floor.skew);
  const state = agent?.state ?? "signed_out";
  const out = state === "signed_out";
  const occupied = state === "offered" || state === "on_contact" || state === "wrap_up";
  const reason = agent?.reason ? reasonName(floor.pause_reasons, agent.reason, words) : "";
  const nextWord: Word | null = occupied && agent?.next_state === "paused" ? "state.paused" : null;
  return (
    <Panel testid="state-bar" label={t("board.state")}>
      <Group justify="space-between">
        <Group gap="lg">
          <Group gap={10} data-testid="agent-state" data-state={state} aria-live="polite">
            <Dot color={STATE_COLOR[state]} />
            <Text fw={600} size="lg">
              {t(`state.${state}`)}
              {state === "paused" && reason ? ` · ${reason}` : ""}
            </Text>
            {agent && !out ? (
              <Text className="num dim" size="lg" data-testid="state-timer" aria-live="off">
                {clock((now - agent.since) / 1000)}
              </Text>
            ) : null}
            {nextWord ? (
              <Badge color="yellow" variant="light" size="lg" tt="none" data-testid="next-state">
                {t("bar.next", t(nextWord))}
              </Badge>
            ) : null}
          </Group>
          <PhoneHealth phone={phone} />
        </Group>
        <Group gap="xs">
          <Button
            variant="subtle"
            color="gray"
            px="xs"
            aria-label={t("headset.title")}
            title={t("headset.title")}
            onClick={onHeadset}
            data-testid="headset-open"
          >
            <IconHeadset size={16} />
            <Box component="span" visibleFrom="lg" ml={8}>
              {t("headset.title")}
            </Box>
          </Button>
          {out ? (
            <Button
              onClick={() => {
                allowNotes();
                void desk.command("/api/desk/sign-in");
              }}
              data-testid="work-start"
            >
              {t("bar.signin")}
            </Button>
          ) : (
            <>
              <Button
                onClick={() => void desk.command("/api/desk/ready")}
                disabled={state === "available"}
                variant={occupied ? "default" : "filled"}
                miw={112}
                rightSection={<Key name="R" />}
                aria-keyshortcuts="R"
                data-testid="ready"
              >
                {t("bar.ready")}
              </Button>
              <Menu opened={pauseOpen} onChange={setPauseOpen} position="bottom-end">
                <Menu.Target>
                  <Button
                    variant="default"
                    miw={176}
                    rightSection={
                      <Group gap={4} wrap="nowrap">
                        <Key name="P" />
                        <IconChevronDown size={15} />
                      </Group>
                    }
                    aria-keyshortcuts="P"
                    data-testid="pause"
                  >
                    {occupied ? t("bar.pause_after") : t("bar.pause")}
                  </Button>
                </Menu.Target>
                <Menu.Dropdown>
                  <Menu.Label>{t("bar.reason")}</Menu.Label>
                  {floor.pause_reasons.map((one) => (
                    <Menu.Item
                      key={one.id}
                      onClick={() => void desk.command("/api/desk/pause", { reason: one.id })}
                      data-testid={`pause-${one.id}`}
                    >
                      {choiceName(floor.pause_reasons, one.id, language)}
                    </Menu.Item>
                  ))}
                </Menu.Dropdown>
              </Menu>
              <Button
                variant="subtle"
                color="gray"
                onClick={() => void desk.command("/api/desk/sign-out")}
                disabled={occupied}
                data-testid="work-end"
              >
                {t("bar.signout")}
              </Button>
            </>
          )}
        </Group>
      </Group>
      {phone.problem ? (
        <Text size="sm" c="var(--cf-bad)" mt={6} role="alert" data-testid="phone-problem">
          {t(`phone.${phone.problem}`)}
        </Text>
      ) : null}
      {phone.registration === "elsewhere" ? (
        <Group gap="sm" mt={6} role="status" data-testid="elsewhere">
          <Text size="sm" c="var(--cf-late)">
            {t("phone.elsewhere.help")}
          </Text>
          <Button
            size="compact-sm"
            variant="light"
            color="orange"
            disabled={desk.talking || desk.ringing}
            onClick={desk.takeOver}
          >
            {t("phone.takeover")}
          </Button>
        </Group>
      ) : agent && !out && !agent.reachable && phone.registration !== "registered" ? (
        <Text size="sm" c="var(--cf-late)" mt={6} role="status" data-testid="unreachable">
          {t("bar.unreachable")}
        </Text>
      ) : null}
    </Panel>
  );
}

function PhoneHealth({ phone }: { phone: PhoneState }) {
  const { t } = useWords();
  const good = phone.registration === "registered";
  return (
    <Group gap={5} className={good ? "dim" : ""} data-testid="phone" data-registration={phone.registration}>
      {good ? <IconPhone size={16} /> : <IconPhoneOff size={16} color="var(--mantine-color-orange-6)" />}
      <Text size="sm">{t(`phone.${phone.registration}`)}</Text>
    </Group>
  );
}
