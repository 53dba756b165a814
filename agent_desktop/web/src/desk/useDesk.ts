/** What the agent has in hand and may do with it; the desk and the incoming-call banner share it. */

import { useEffect, useMemo, useState } from "react";
import { useLive, usePhone } from "../session/session";
import { api } from "../shared/api";
import { inHand, type News } from "../shared/floor";
import { tellNews, tellProblem } from "../shared/notice";
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

/** States in which an agent may dial, or take a call that rings elsewhere. */
const FREE: ReadonlySet<string> = new Set(["available", "paused", "missed"]);

/** The last call the agent hung up themself, on whichever page. */
let hungUp: string | null = null;

export function useDesk(me: Me) {
  const { t } = useWords();
  const { floor } = useLive();
  const { phone, state } = usePhone();
  const [once] = useState(() => new Once());
  const hand = useMemo(() => inHand(floor, me.agent), [floor, me.agent]);
  const { agent, offer, call, callId } = hand;
  // What they asked for themself (a call they picked up or dial) does not ring: their telephone picks up.
  const asked = Boolean(offer?.auto_answer);
  const ringing = !asked && (Boolean(offer) || state.call?.stage === "ringing");
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
    asked,
    /** There is somebody on the line (or on hold) who can be spoken to, or is being dialled. */
    talking: Boolean(callId) && !offer && !wrapping && call?.phase !== "ended",
    /** There is somebody on the line or on hold now. */
    withCaller: !offer && !wrapping && (call?.phase === "talking" || call?.phase === "held"),
    /** A hand is free for a call of one's own. */
    free: FREE.has(agent?.state ?? "") && !callId && !state.call,
    working: agent !== null && agent.state !== "signed_out",
    command,
    answer: () => void phone?.answer(),
    decline: () => (offer ? void orDrop("/api/desk/decline", { offer: offer.id }) : phone?.drop()),
    hold: () => callId && void command(held ? "/api/desk/resume" : "/api/desk/hold", { call: callId }),
    hangUp: () => {
      hungUp = callId;
      if (offer) void orDrop("/api/desk/decline", { offer: offer.id });
      else if (callId) void orDrop("/api/desk/hang-up", { call: callId });
      else phone?.drop();
    },
    /** Rejects with what kept it from being done. */
    transfer: (to: "queue" | "agent" | "number", target: string) =>
      once.run("/api/desk/transfer", () => api.post("/api/desk/transfer", { call: callId, to, target })),
    dial: (number: string, queue: string | null = null) => command("/api/desk/dial", { number, queue }),
    pickUp: (id: string) => command("/api/desk/pick-up", { call: id }),
    mute: () => phone?.toggleMute(),
    pick: (customer: string) => callId && void command("/api/desk/card", { call: callId, customer }),
    takeOver: () => phone?.takeOver(),
    checkMicrophone: () => phone?.checkMicrophone(),
  };
}

/** Says so when a number did not answer: one the agent dialled, or one they handed their caller to. */
export function useNews(news: News | null): void {
  const { t } = useWords();
  useEffect(() => {
    // Who gave up themself knows.
    if (!news || news.call === hungUp) return;
    tellNews(news.handed_on ? t("transfer.not_reached") : t("dial.not_reached", news.number), t);
  }, [news, t]);
}

export type DeskModel = ReturnType<typeof useDesk>;
