/** The agent's desk: state on top, the call or the idle word below it, the customer beside. */

import { Box, Grid, Stack } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { useEffect, useState } from "react";
import { useLive, usePhone } from "../session/session";
import { api } from "../shared/api";
import { inHand } from "../shared/floor";
import { useCommand } from "../shared/hooks";
import { useSingleKeys } from "../shared/Keys";
import { Failed, Loading, Nothing, Panel } from "../shared/states";
import type { Me } from "../shared/types";
import { useWords } from "../shared/words";
import { HeadsetTest } from "../softphone/HeadsetTest";
import { CallPanel } from "./CallPanel";
import { CustomerCard } from "./CustomerCard";
import { Idle } from "./Idle";
import { StateBar } from "./StateBar";
import { WhyPanel } from "./WhyPanel";
import { WrapUp } from "./WrapUp";

export function DeskPage({ me }: { me: Me }) {
  const { t } = useWords();
  const { floor } = useLive();
  const { phone, state: phoneState } = usePhone();
  const { run, error, busy, clear } = useCommand();
  const [pauseOpen, setPauseOpen] = useState(false);
  const [headset, setHeadset] = useState(false);
  const [single] = useSingleKeys();
  const hand = inHand(floor, me.agent);
  const { agent, offer, call, callId } = hand;
  const ringing = Boolean(offer) || phoneState.call?.stage === "ringing";
  const wrapping = agent?.state === "wrap_up";
  const talking = Boolean(callId) && !offer && !wrapping;
  const held = call?.phase === "held";

  const command = (path: string, body: unknown = {}) => void run(() => api.post(`/api/desk/${path}`, body));
  const answer = () => phone?.answer();
  const decline = () => {
    if (offer)
      void run(() => api.post("/api/desk/decline", { offer: offer.id })).then((ok) => ok || phone?.drop());
    else phone?.drop();
  };
  const hold = () => callId && command(held ? "resume" : "hold", { call: callId });
  const hangUp = () =>
    callId
      ? void run(() => api.post("/api/desk/hang-up", { call: callId })).then((ok) => ok || phone?.drop())
      : phone?.drop();
  const key = (usable: boolean, work: () => unknown) => () => {
    if (single && usable) work();
  };
  useHotkeys([
    ["A", key(phoneState.call?.stage === "ringing", answer)],
    ["D", key(ringing, decline)],
    ["M", key(phoneState.call?.stage === "up", () => phone?.toggleMute())],
    ["H", key(talking, hold)],
    ["E", key(talking, hangUp)],
    ["R", key(agent !== null && agent.state !== "signed_out", () => command("ready"))],
    ["P", key(agent !== null && agent.state !== "signed_out", () => setPauseOpen(true))],
    ["N", key(Boolean(callId), () => document.getElementById("wrap-note")?.focus())],
  ]);
  useTitle(ringing ? `☎ ${t("call.incoming")}` : t("app.name"));

  if (!me.agent) return <Nothing title={t("desk.noagent")} />;
  if (!floor.ready) return <Loading />;
  return (
    <Box maw={1360} mx="auto">
      <Stack gap="md">
        <StateBar
          floor={floor}
          agent={agent}
          phone={phoneState}
          busy={busy}
          command={command}
          pauseOpen={pauseOpen}
          setPauseOpen={setPauseOpen}
          onHeadset={() => setHeadset(true)}
        />
        {error ? <Failed error={error} onClose={clear} /> : null}
        {callId || phoneState.call ? (
          <Grid gap="md">
            <Grid.Col span={{ base: 12, md: 5 }}>
              <Stack gap="md">
                <CallPanel
                  floor={floor}
                  hand={hand}
                  phone={phoneState}
                  actions={{ answer, decline, hold, hangUp, mute: () => phone?.toggleMute() }}
                />
                {callId && !offer ? (
                  <WrapUp
                    key={callId}
                    call={callId}
                    codes={floor.wrap_up_codes}
                    until={wrapping ? agent.until : null}
                    skew={floor.skew}
                    done={wrapping}
                  />
                ) : null}
                {offer ? <WhyPanel offer={offer} floor={floor} /> : null}
              </Stack>
            </Grid.Col>
            <Grid.Col span={{ base: 12, md: 7 }}>
              <CustomerCard
                hand={hand}
                pick={(customer) => callId && command("card", { call: callId, customer })}
              />
            </Grid.Col>
          </Grid>
        ) : (
          <Panel testid="idle">
            <Idle state={agent?.state ?? "signed_out"} />
          </Panel>
        )}
      </Stack>
      <HeadsetTest opened={headset} onClose={() => setHeadset(false)} />
    </Box>
  );
}

function useTitle(title: string): void {
  useEffect(() => {
    document.title = title;
  }, [title]);
}
