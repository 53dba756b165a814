/** The call itself: who rings from where, for how long, and the few things to do with it. */

import { Badge, Button, Group, Progress, SimpleGrid, Stack, Text } from "@mantine/core";
import {
  IconMicrophone,
  IconMicrophoneOff,
  IconPhone,
  IconPhoneOff,
  IconPlayerPause,
  IconPlayerPlay,
} from "@tabler/icons-react";
import type { Floor, Hand } from "../shared/floor";
import { useNow } from "../shared/hooks";
import { PHASE_COLOR } from "../shared/stateColor";
import { Panel } from "../shared/states";
import { clock } from "../shared/time";
import { useWords } from "../shared/words";
import type { PhoneState } from "../softphone/phone";

interface Props {
  floor: Floor;
  hand: Hand;
  phone: PhoneState;
  actions: {
    answer: () => void;
    decline: () => void;
    hold: () => void;
    hangUp: () => void;
    mute: () => void;
  };
}

export function CallPanel({ floor, hand, phone, actions }: Props) {
  const { t } = useWords();
  const now = useNow(floor.skew, 500);
  const { offer, call, agent, callId } = hand;
  const stage = phone.call?.stage ?? null;
  const wrapping = agent?.state === "wrap_up";
  const ringing = Boolean(offer) || stage === "ringing";
  const left_s = offer ? Math.max(0, (offer.deadline - now) / 1000) : 0;
  const ring_s = offer && agent ? Math.max(1, (offer.deadline - agent.since) / 1000) : 20;
  const phase = wrapping ? "ended" : (call?.phase ?? (ringing ? "offered" : "talking"));
  return (
    <Panel
      testid="call"
      className={ringing ? "ringing" : ""}
      label={ringing ? t("call.incoming") : t("board.calls")}
    >
      <Stack
        gap="sm"
        data-testid="call-state"
        data-call={callId ?? ""}
        data-phase={phase}
        data-stage={stage ?? ""}
        data-media={phone.call?.media ?? ""}
      >
        <Group justify="space-between">
          <Badge color={PHASE_COLOR[phase]} variant="light" size="lg" tt="none" data-testid="call-phase">
            {ringing ? t("call.incoming") : t(`call.phase.${phase}`)}
          </Badge>
          {call && !wrapping ? (
            <Text className="num" size="xl" fw={600} data-testid="call-timer">
              {clock((now - (ringing ? call.started : call.at)) / 1000)}
            </Text>
          ) : null}
        </Group>
        <Text size="xl" fw={600} className="num" data-testid="call-caller">
          {call?.caller || t("call.anonymous")}
        </Text>
        <SimpleGrid cols={2} spacing={6} verticalSpacing={2}>
          <Fact name={t("call.queue")} value={offer?.queue_name ?? call?.queue_name} />
          <Fact name={t("call.dialled")} value={call?.dialled} />
          <Fact name={t("call.digits")} value={call?.digits} />
        </SimpleGrid>
        {ringing ? (
          <>
            <Group grow>
              <Button
                size="md"
                leftSection={<IconPhone size={18} />}
                onClick={actions.answer}
                disabled={stage !== "ringing"}
                loading={stage === "answering"}
                data-testid="answer"
              >
                {t("phone.answer")}
              </Button>
              <Button
                size="md"
                variant="default"
                leftSection={<IconPhoneOff size={18} />}
                onClick={actions.decline}
                data-testid="decline"
              >
                {t("phone.decline")}
              </Button>
            </Group>
            {offer ? (
              <div>
                <Progress
                  value={Math.min(100, (left_s / ring_s) * 100)}
                  size={4}
                  aria-label={t("call.answer_within", Math.ceil(left_s))}
                />
                <Text size="sm" className="dim num" mt={4} data-testid="offer-left">
                  {t("call.answer_within", Math.ceil(left_s))}
                </Text>
              </div>
            ) : null}
          </>
        ) : wrapping ? null : (
          <Group grow gap="xs">
            <Button
              variant={phone.call?.muted ? "filled" : "default"}
              color={phone.call?.muted ? "orange" : undefined}
              px="xs"
              leftSection={phone.call?.muted ? <IconMicrophoneOff size={16} /> : <IconMicrophone size={16} />}
              onClick={actions.mute}
              disabled={stage !== "up"}
              aria-pressed={Boolean(phone.call?.muted)}
              data-testid="mute"
            >
              {phone.call?.muted ? t("phone.unmute") : t("phone.mute")}
            </Button>
            <Button
              variant={call?.phase === "held" ? "filled" : "default"}
              color={call?.phase === "held" ? "yellow" : undefined}
              px="xs"
              leftSection={
                call?.phase === "held" ? <IconPlayerPlay size={16} /> : <IconPlayerPause size={16} />
              }
              onClick={actions.hold}
              aria-pressed={call?.phase === "held"}
              data-testid="hold"
            >
              {call?.phase === "held" ? t("phone.resume") : t("phone.hold")}
            </Button>
            <Button
              color="red"
              variant="light"
              px="xs"
              leftSection={<IconPhoneOff size={16} />}
              onClick={actions.hangUp}
              data-testid="hang-up"
            >
              {t("phone.hangup")}
            </Button>
          </Group>
        )}
      </Stack>
    </Panel>
  );
}

function Fact({ name, value }: { name: string; value: string | null | undefined }) {
  if (!value) return null;
  return (
    <Text size="sm">
      <span className="dim">{name} </span>
      {value}
    </Text>
  );
}
