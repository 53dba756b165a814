/** The agent's desk: state on top, the call or the idle word below it, the customer beside. */

import { Box, Grid, Stack, VisuallyHidden } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { useEffect, useRef, useState } from "react";
import { useSingleKeys } from "../shared/Keys";
import type { Me } from "../shared/schema";
import { Loading, Nothing } from "../shared/states";
import { useTitle } from "../shared/title";
import { useWords } from "../shared/words";
import { HeadsetTest } from "../softphone/HeadsetTest";
import { CallPanel } from "./CallPanel";
import { CustomerCard } from "./CustomerCard";
import { DIAL_FIELD } from "./Dial";
import { sweepDrafts } from "./draft";
import { Idle } from "./Idle";
import { nearest } from "./nearest";
import { StateBar } from "./StateBar";
import { Transfer } from "./Transfer";
import { useDesk } from "./useDesk";
import { WhyPanel } from "./WhyPanel";
import { WrapUp } from "./WrapUp";

export function DeskPage({ me }: { me: Me }) {
  const { t } = useWords();
  const desk = useDesk(me);
  const [pauseOpen, setPauseOpen] = useState(false);
  const [headset, setHeadset] = useState(false);
  const [transfer, setTransfer] = useState(false);
  const flushNote = useRef<(() => Promise<void>) | null>(null);
  const [single] = useSingleKeys();
  const { floor, phone, agent, offer, callId, ringing, wrapping, talking, working } = desk;

  useEffect(() => sweepDrafts(localStorage, Date.now()), []);
  // Nothing stands between an agent and the call that rings.
  useEffect(() => {
    if (ringing) setHeadset(false);
  }, [ringing]);
  const { withCaller, free } = desk;
  useEffect(() => {
    if (!withCaller) setTransfer(false);
  }, [withCaller]);
  // To dial ends the wrap-up, and with it the time for the note.
  const dialNext = async (number: string) => {
    await flushNote.current?.();
    void desk.dial(number, desk.call?.queue ?? null);
  };
  useTitle(t("nav.desk"));
  const first = free ? nearest(floor.near)[0] : undefined;
  const key = (usable: boolean, work: () => unknown) => () => {
    if (single && usable) work();
  };
  useHotkeys([
    ["A", key(phone.call?.stage === "ringing", desk.answer)],
    ["D", key(ringing, desk.decline)],
    ["D", key(free, () => document.getElementById(DIAL_FIELD)?.focus())],
    ["G", key(Boolean(first), () => first && void desk.pickUp(first.id))],
    ["T", key(withCaller, () => setTransfer(true))],
    ["M", key(phone.call?.stage === "up", desk.mute)],
    ["H", key(withCaller, desk.hold)],
    ["E", key(talking || desk.asked, desk.hangUp)],
    ["R", key(working && agent?.state !== "available", () => void desk.command("/api/desk/ready"))],
    ["P", key(working, () => setPauseOpen(true))],
    ["N", key(Boolean(callId) && !offer, () => document.getElementById("wrap-note")?.focus())],
  ]);

  if (!me.agent) return <Nothing title={t("desk.noagent")} />;
  if (!floor.ready) return <Loading />;
  return (
    <Box maw={1480} mx="auto">
      <VisuallyHidden component="h1">{t("nav.desk")}</VisuallyHidden>
      <Stack gap="sm">
        <StateBar
          desk={desk}
          pauseOpen={pauseOpen}
          setPauseOpen={setPauseOpen}
          onHeadset={() => setHeadset(true)}
        />
        {callId || phone.call ? (
          <Grid gap="sm">
            <Grid.Col span={{ base: 12, md: 6, lg: 5 }}>
              <Stack gap="sm">
                <CallPanel desk={desk} onTransfer={() => setTransfer(true)} />
                {callId && !offer ? (
                  <WrapUp
                    key={callId}
                    call={callId}
                    codes={floor.wrap_up_codes}
                    until={wrapping ? (agent?.until ?? null) : null}
                    skew={floor.skew}
                    done={wrapping}
                    flush={flushNote}
                  />
                ) : null}
                {offer && !desk.asked ? <WhyPanel offer={offer} floor={floor} /> : null}
              </Stack>
            </Grid.Col>
            <Grid.Col span={{ base: 12, md: 6, lg: 7 }}>
              <CustomerCard
                hand={desk.hand}
                codes={floor.wrap_up_codes}
                pick={desk.pick}
                dial={wrapping ? dialNext : null}
              />
            </Grid.Col>
          </Grid>
        ) : (
          <Idle me={me} desk={desk} />
        )}
      </Stack>
      <Transfer desk={desk} opened={transfer} onClose={() => setTransfer(false)} />
      <HeadsetTest
        opened={headset}
        onClose={() => {
          setHeadset(false);
          desk.checkMicrophone();
        }}
      />
    </Box>
  );
}
