/**
 * The agent's softphone: registers with a one-session credential, rings, answers, mutes.
 *
 * A page that is reloaded says nothing to the server (no BYE, no unregister): the server notices the lost leg,
 * waits for the new page to register and dials it with `X-Auto-Answer`, which is answered at once.
 */

import { UA, WebSocketInterface } from "jssip";
import type { RTCSession } from "jssip/lib/RTCSession";
import { api } from "../shared/api";
import { backoff_ms } from "../shared/backoff";
import { microphone } from "./devices";
import { hasten, listen, remoteAudio } from "./media";

export type Registration = "off" | "connecting" | "registered" | "failed";

export interface PhoneCall {
  /** The platform's call id, from `X-Call`. */
  call: string | null;
  stage: "ringing" | "answering" | "up";
  muted: boolean;
  media: string;
}

export interface PhoneState {
  registration: Registration;
  call: PhoneCall | null;
  problem: "" | "microphone" | "media";
}

interface Device {
  uri: string;
  password: string;
  ws: string;
  register_expires: number;
}

export class Phone {
  private state: PhoneState = { registration: "off", call: null, problem: "" };
  private listeners = new Set<() => void>();
  private ua: UA | null = null;
  private session: RTCSession | null = null;
  private attempt = 0;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private wanted = false;

  get = (): PhoneState => this.state;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Get a credential and register; keeps trying until `stop`. */
  start(): void {
    if (this.wanted) return;
    this.wanted = true;
    void this.register();
  }

  /** Leave for good: unregisters, and ends a call that is up. */
  stop(): void {
    this.wanted = false;
    if (this.timer) clearTimeout(this.timer);
    this.ua?.stop();
    this.ua = null;
    this.set({ registration: "off", call: null });
  }

  answer(): void {
    if (!this.session || this.state.call?.stage !== "ringing") return;
    this.setCall({ stage: "answering" });
    this.session.answer({
      mediaConstraints: { audio: microphone() as unknown as boolean, video: false },
      pcConfig: { iceServers: [] },
    });
  }

  /** End or refuse the phone's own leg. */
  drop(): void {
    if (this.session && !this.session.isEnded()) this.session.terminate();
  }

  toggleMute(): void {
    const call = this.state.call;
    if (!this.session || call?.stage !== "up") return;
    if (call.muted) this.session.unmute({ audio: true });
    else this.session.mute({ audio: true });
    this.setCall({ muted: !call.muted });
  }

  private async register(): Promise<void> {
    this.set({ registration: "connecting" });
    let device: Device;
    try {
      device = await api.post<Device>("/api/desk/device");
    } catch {
      this.again();
      return;
    }
    if (!this.wanted) return;
    const ua = new UA({
      sockets: [new WebSocketInterface(device.ws)],
      uri: device.uri,
      password: device.password,
      register_expires: device.register_expires,
      session_timers: false,
      connection_recovery_min_interval: 1,
      connection_recovery_max_interval: 8,
    });
    this.ua = ua;
    ua.on("registered", () => {
      this.attempt = 0;
      this.set({ registration: "registered" });
    });
    ua.on("disconnected", () => ua === this.ua && this.set({ registration: "connecting" }));
    ua.on("registrationFailed", () => {
      if (ua !== this.ua) return;
      this.set({ registration: "failed" });
      // A restarted server no longer knows the credential: ask for a new one, but never over a live call.
      if (ua.isConnected() && !this.session) {
        this.ua = null;
        ua.stop();
        this.again();
      }
    });
    ua.on("newRTCSession", (event: { originator: string; session: RTCSession; request: unknown }) => {
      if (event.originator === "remote") this.incoming(event.session, event.request as Headers);
    });
    ua.start();
  }

  private again(): void {
    this.set({ registration: "failed" });
    if (!this.wanted) return;
    if (this.timer) clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.register(), backoff_ms(this.attempt++, Math.random()));
  }

  private incoming(session: RTCSession, request: Headers): void {
    const auto = (request.getHeader("X-Auto-Answer") ?? "") === "1";
    const before = this.session;
    if (before && !before.isEnded()) {
      if (!auto) {
        session.terminate({ status_code: 486 });
        return;
      }
      before.terminate();
    }
    this.session = session;
    this.set({
      call: { call: request.getHeader("X-Call") ?? null, stage: "ringing", muted: false, media: "new" },
      problem: "",
    });
    hasten(session);
    session.on("peerconnection", (event: { peerconnection: RTCPeerConnection }) =>
      listen(event.peerconnection, (media) => session === this.session && this.setCall({ media })),
    );
    session.on("confirmed", () => session === this.session && this.setCall({ stage: "up" }));
    session.on("getusermediafailed", () => this.set({ problem: "microphone" }));
    session.on("peerconnection:setremotedescriptionfailed", () => this.set({ problem: "media" }));
    const over = () => {
      if (session !== this.session) return;
      this.session = null;
      remoteAudio().srcObject = null;
      this.set({ call: null });
    };
    session.on("ended", over);
    session.on("failed", over);
    if (auto) this.answer();
  }

  private set(next: Partial<PhoneState>): void {
    this.state = { ...this.state, ...next };
    for (const listener of this.listeners) listener();
  }

  private setCall(next: Partial<PhoneCall>): void {
    if (this.state.call) this.set({ call: { ...this.state.call, ...next } });
  }
}

interface Headers {
  getHeader(name: string): string | undefined;
}
