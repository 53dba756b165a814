/** What the agent has in hand and may do with it; the desk and the incoming-call banner share it. */

import { useMemo, useState } from "react";
import { useLive, usePhone } from "../session/session";
import { api } from "../shared/api";
import { inHand } from "../shared/floor";
import { tellProblem } from "../shared/notice";
import { Once } from "../shared/once";
import type { Me, paths } from "../shared/schema";
import { useWords } from "../shared/words";

type DeskPath = keyof paths & `/api/desk/${string}`;

/** What goes with a command, by the server's own description: nothing, or one JSON body. */
type Body<P extends DeskPath> = paths[P] extends {
  post: { requestBody: { content: { "application/json": infer B } } };
}
  ? [body: B]
  : [];

export function useDesk(me: Me) {
  const { t } = useWords();
  const { floor } = useLive();
  const { phone, state } = usePhone();
  const [once] = useState(() => new Once());
  const hand = useMemo(() => inHand(floor, me.agent), [floor, me.agent]);
  const { agent, offer, call, callId } = hand;
  const ringing = Boolean(offer) || state.call?.stage === "ringing";
  const wrapping = agent?.state === "wrap_up";
  const held = call?.phase === "held";

  /** Tell the floor something; true when it took it. */
  const command = async <P extends DeskPath>(path: P, ...body: Body<P>): Promise<boolean> => {
    try {
      return await once.run(path, () => api.post(path, body[0]));
    } catch (problem) {
      tellProblem(problem, t);
      return false;
    }
  };
  /** Tell the floor; when it cannot be told, at least let the telephone act. */
  const orDrop = async <P extends DeskPath>(path: P, ...body: Body<P>) => {
    try {
      await once.run(path, () => api.post(path, body[0]));
    } catch {
      phone?.drop();
    }
  };
  return {
    ...hand,
    hand,
    floor,
    phone: state,
    ringing,
    wrapping,
    /** There is somebody on the line (or on hold) who can be spoken to. */
    talking: Boolean(callId) && !offer && !wrapping && call?.phase !== "ended",
    working: agent !== null && agent.state !== "signed_out",
    command,
    answer: () => void phone?.answer(),
    decline: () => (offer ? void orDrop("/api/desk/decline", { offer: offer.id }) : phone?.drop()),
    hold: () => callId && void command(held ? "/api/desk/resume" : "/api/desk/hold", { call: callId }),
    hangUp: () => (callId ? void orDrop("/api/desk/hang-up", { call: callId }) : phone?.drop()),
    mute: () => phone?.toggleMute(),
    pick: (customer: string) => callId && void command("/api/desk/card", { call: callId, customer }),
    takeOver: () => phone?.takeOver(),
    checkMicrophone: () => phone?.checkMicrophone(),
  };
}

export type DeskModel = ReturnType<typeof useDesk>;
