/** A caller inside the page: dials an entry number anonymously, as anybody with a SIP softphone could. */

import { UA, WebSocketInterface } from "jssip";
import type { RTCSession } from "jssip/lib/RTCSession";
import { socketUrl } from "../shared/live";
import { microphone } from "./devices";
import { hasten, listen, remoteAudio } from "./media";

export type TestStage = "idle" | "connecting" | "ringing" | "up" | "ended" | "failed";

export interface TestCallState {
  stage: TestStage;
  /** SIP's own word for the end, such as "Busy" or "Rejected". */
  cause: string;
  since: number;
  media: string;
  digits: string;
}

export class TestCaller {
  private state: TestCallState = { stage: "idle", cause: "", since: 0, media: "new", digits: "" };
  private listeners = new Set<() => void>();
  private ua: UA | null = null;
  private session: RTCSession | null = null;

  get = (): TestCallState => this.state;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Dial `number`, showing `from` as the caller's number when given. */
  dial(number: string, from: string): void {
    this.leave();
    const host = location.hostname;
    const caller = from.replace(/[^+0-9A-Za-z]/g, "") || "anonymous";
    const ua = new UA({
      sockets: [new WebSocketInterface(socketUrl("/sip"))],
      uri: `sip:${caller}@${host}`,
      register: false,
      session_timers: false,
    });
    this.ua = ua;
    this.set({ stage: "connecting", cause: "", digits: "", media: "new" });
    ua.on("connected", () => {
      if (ua !== this.ua || this.session) return;
      const handlers = {
        peerconnection: (event: { peerconnection: RTCPeerConnection }) =>
          listen(event.peerconnection, (media) => this.set({ media })),
        progress: () => this.set({ stage: "ringing" }),
        confirmed: () => this.set({ stage: "up", since: Date.now() }),
        ended: (event: { cause: string }) => this.over(ua, "ended", event.cause),
        failed: (event: { cause: string }) => this.over(ua, "failed", event.cause),
      };
      ua.on("newRTCSession", (event: { session: RTCSession }) => hasten(event.session));
      this.session = ua.call(`sip:${number}@${host}`, {
        mediaConstraints: { audio: microphone() as unknown as boolean, video: false },
        pcConfig: { iceServers: [] },
        eventHandlers: handlers as never,
      });
    });
    ua.on("disconnected", () => {
      if (ua === this.ua && !this.session) this.over(ua, "failed", "Connection Error");
    });
    ua.start();
  }

  /** Press one key: an RFC 4733 event in the audio stream. */
  press(key: string): void {
    if (this.state.stage !== "up" || !this.session) return;
    this.session.sendDTMF(key, { transportType: "RFC2833" as never, duration: 160, interToneGap: 80 });
    this.set({ digits: this.state.digits + key });
  }

  hangUp(): void {
    if (this.session && !this.session.isEnded()) this.session.terminate();
    else if (this.ua) this.over(this.ua, "ended", "");
  }

  /** Leave the page: end what is up without a word on the screen. */
  leave(): void {
    const ua = this.ua;
    this.ua = null;
    this.session = null;
    ua?.stop();
  }

  private over(ua: UA, stage: TestStage, cause: string): void {
    if (ua !== this.ua) return;
    remoteAudio().srcObject = null;
    this.leave();
    this.set({ stage, cause });
  }

  private set(next: Partial<TestCallState>): void {
    this.state = { ...this.state, ...next };
    for (const listener of this.listeners) listener();
  }
}
