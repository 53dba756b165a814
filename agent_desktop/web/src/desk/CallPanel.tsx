/** The call itself: who rings from where, for how long, and the few things to do with it. */

import { Badge, Button, Group, Stack, Text } from "@mantine/core";
import {
  IconArrowForwardUp,
  IconMicrophone,
  IconMicrophoneOff,
  IconPhone,
  IconPhoneOff,
  IconPlayerPause,
  IconPlayerPlay,
} from "@tabler/icons-react";
import { useNow } from "../shared/hooks";
import { Key } from "../shared/Key";
import { PHASE_COLOR } from "../shared/stateColor";
import { Panel } from "../shared/states";
import { MUTED } from "../shared/theme";
import { clock } from "../shared/time";
import { useWords } from "../shared/words";
import type { DeskModel } from "./useDesk";

interface Props {
  desk: DeskModel;
  onTransfer: () => void;
}

export function CallPanel({ desk, onTransfer }: Props) {
  const { t } = useWords();
  const now = useNow(desk.floor.skew, 500);
  const { offer, call, card, callId, phone, ringing, asked, wrapping } = desk;
  const stage = phone.call?.stage ?? null;
  const phase = wrapping ? "ended" : (call?.phase ?? (ringing || asked ? "offered" : "talking"));
  const name = card?.customer?.name || call?.customer_name;
  const tier = card?.customer?.tier_name || call?.tier_name;
  const number = call?.caller || offer?.dial || t("call.anonymous");
  const talkingSince = desk.agent?.state === "on_contact" ? desk.agent.since : (call?.at ?? now);
  const connecting = asked || stage === "answering";
  const phaseWords = connecting ? t("phone.connecting_call") : t(`call.phase.${phase}`);
  const incoming = offer?.dial ? "call.call_back" : "call.incoming";
  return (
    <Panel testid="call" className={ringing ? "ringing" : ""} label={ringing ? t(incoming) : t("call.title")}>
      <Stack
        gap="sm"
        data-testid="call-state"
        data-call={callId ?? ""}
        data-phase={phase}
        data-stage={stage ?? ""}
        data-media={phone.call?.media ?? ""}
      >
        <Group justify="space-between" wrap="nowrap">
          {ringing ? (
            <Text fw={700} className="calling" data-testid="call-phase">
              <IconPhone size={18} aria-hidden /> {t(incoming)}
            </Text>
          ) : (
            <Badge color={PHASE_COLOR[phase]} variant="light" size="lg" tt="none" data-testid="call-phase">
              {phaseWords}
              {phase === "held" && call ? (
                <span className="num"> {clock((now - call.at) / 1000)}</span>
              ) : null}
            </Badge>
          )}
          {offer && !asked ? (
            <CountDown deadline={offer.deadline} since={desk.agent?.since ?? 0} now={now} />
          ) : call && !wrapping && !asked ? (
            <Text className="num" fz={26} lh={1} fw={600} data-testid="call-timer">
              {clock((now - talkingSince) / 1000)}
            </Text>
          ) : null}
        </Group>
        <div>
          <Group gap="xs" align="center">
            <Text fz={24} lh={1.25} fw={650} className={name ? "long" : "num"} data-testid="call-name">
              {name || number}
            </Text>
            {tier ? (
              <Badge size="lg" variant="outline" tt="none">
                {tier}
              </Badge>
            ) : null}
          </Group>
          {name ? (
            <Text className="num dim" data-testid="call-caller">
              {number}
            </Text>
          ) : null}
        </div>
        <Group gap="2px 18px">
          <Fact name={t("call.queue")} value={offer?.queue_name ?? call?.queue_name} />
          <Fact name={t("call.dialled")} value={call?.dialled} />
          <Fact name={t("call.digits")} value={call?.digits} />
          {ringing && call ? (
            <Fact name={t("call.since")} value={clock((now - call.started) / 1000)} />
          ) : null}
        </Group>
        {ringing ? <Ringing desk={desk} /> : wrapping ? null : <InCall desk={desk} onTransfer={onTransfer} />}
      </Stack>
    </Panel>
  );
}

/** Seconds left to answer, as a number and as a shrinking ring. */
function CountDown({ deadline, since, now }: { deadline: number; since: number; now: number }) {
  const { t } = useWords();
  const left_s = Math.max(0, (deadline - now) / 1000);
  const whole_s = Math.max(1, (deadline - since) / 1000);
  const words = t("call.answer_within", Math.ceil(left_s));
  return (
    <Group gap={8} wrap="nowrap" role="timer" aria-label={words} data-testid="offer-left">
      <Text size="sm" className="dim" aria-hidden>
        {words}
      </Text>
      <svg width={26} height={26} viewBox="0 0 26 26" aria-hidden>
        <circle cx={13} cy={13} r={10} className="ring-track" />
        <circle
          cx={13}
          cy={13}
          r={10}
          className={left_s < 6 ? "ring-left late" : "ring-left"}
          pathLength={100}
          strokeDasharray={`${Math.min(100, (left_s / whole_s) * 100)} 100`}
        />
      </svg>
    </Group>
  );
}

function Ringing({ desk }: { desk: DeskModel }) {
  const { t } = useWords();
  const stage = desk.phone.call?.stage ?? null;
  return (
    <Group gap="xs" wrap="nowrap">
      <Button
        size="lg"
        flex={3}
        leftSection={<IconPhone size={20} />}
        rightSection={<Key name="A" />}
        aria-keyshortcuts="A"
        onClick={desk.answer}
        disabled={stage === null}
        loading={stage === "answering"}
        data-testid="answer"
      >
        {t("phone.answer")}
      </Button>
      <Button
        size="lg"
        px="md"
        flex={2}
        variant="default"
        leftSection={<IconPhoneOff size={20} />}
        rightSection={<Key name="D" />}
        aria-keyshortcuts="D"
        onClick={desk.decline}
        data-testid="decline"
      >
        {t("phone.decline")}
      </Button>
    </Group>
  );
}

function InCall({ desk, onTransfer }: Props) {
  const { t } = useWords();
  const muted = Boolean(desk.phone.call?.muted);
  const held = desk.call?.phase === "held";
  return (
    <Group gap={6} wrap="nowrap" className="call-buttons">
      <Button
        variant={muted ? "filled" : "default"}
        color={muted ? MUTED : undefined}
        px={6}
        leftSection={muted ? <IconMicrophoneOff size={16} /> : <IconMicrophone size={16} />}
        rightSection={<Key name="M" />}
        aria-keyshortcuts="M"
        onClick={desk.mute}
        disabled={desk.phone.call?.stage !== "up"}
        aria-pressed={muted}
        data-testid="mute"
      >
        {muted ? t("phone.unmute") : t("phone.mute")}
      </Button>
      <Button
        variant={held ? "filled" : "default"}
        color={held ? "yellow" : undefined}
        px={6}
        leftSection={held ? <IconPlayerPlay size={16} /> : <IconPlayerPause size={16} />}
        rightSection={<Key name="H" />}
        aria-keyshortcuts="H"
        onClick={desk.hold}
        disabled={!desk.withCaller}
        aria-pressed={held}
        data-testid="hold"
      >
        {held ? t("phone.resume") : t("phone.hold")}
      </Button>
      <Button
        variant="default"
        px={6}
        leftSection={<IconArrowForwardUp size={16} />}
        rightSection={<Key name="T" />}
        aria-keyshortcuts="T"
        onClick={onTransfer}
        disabled={!desk.withCaller}
        data-testid="transfer-open"
      >
        {t("transfer.go")}
      </Button>
      <Button
        color="red"
        variant="light"
        px={6}
        leftSection={<IconPhoneOff size={16} />}
        rightSection={<Key name="E" />}
        aria-keyshortcuts="E"
        onClick={desk.hangUp}
        data-testid="hang-up"
      >
        {t("phone.hangup")}
      </Button>
    </Group>
  );
}

function Fact({ name, value }: { name: string; value: string | null | undefined }) {
  if (!value) return null;
  return (
    <Text size="sm">
      <span className="dim">{name} </span>
      <span className="num">{value}</span>
    </Text>
  );
}
