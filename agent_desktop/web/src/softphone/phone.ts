/**
 * The agent's softphone: registers with a one-session credential, rings, answers, mutes.
 *
 * A page that is reloaded says nothing to the server (no BYE, no unregister): the server notices the lost leg,
 * waits for the new page to register and dials it with `X-Auto-Answer: 1`, which is answered at once.
 */

import type { UA } from "jssip";
import type { RTCSession } from "jssip/lib/RTCSession";
import { api } from "../shared/api";
import { backoff_ms } from "../shared/backoff";
import type { Device } from "../shared/schema";
import { hasten, listen, remoteAudio } from "./media";
import { Microphone, silence } from "./microphone";
import { Seat } from "./seat";

/** `elsewhere`: another page or machine of this person has the telephone. */
export type Registration = "off" | "connecting" | "registered" | "failed" | "elsewhere";

export interface PhoneCall {
  /** The platform's call id, from `X-Call`. */
  call: string | null;
  stage: "ringing" | "answering" | "up";
  muted: boolean;
  /** The peer connection's own word for its state. */
  media: string;
}

export interface PhoneState {
  registration: Registration;
  call: PhoneCall | null;
  problem: "" | "microphone" | "media";
}

interface Headers {
  getHeader(name: string): string | undefined;
}

const REFUSED = new Set([401, 403, 407]);

export class Phone {
  private state: PhoneState = { registration: "off", call: null, problem: "" };
  private listeners = new Set<() => void>();
  private microphone = new Microphone();
  private seat: Seat;
  private ua: UA | null = null;
  private session: RTCSession | null = null;
  private voice: MediaStream | null = null;
  private attempt = 0;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private wanted = false;
  private working = false;
  /** The agent ended work since the credential was given, and with it the credential. */
  private stale = false;

  constructor(agent: string) {
    this.seat = new Seat(
      `callfloor.phone.${agent}`,
      () => this.connect(),
      () => this.give("elsewhere"),
    );
  }

  get = (): PhoneState => this.state;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Ask for the microphone, get a credential and register; keeps trying until `stop`. */
  start(): void {
    if (this.wanted) return;
    this.wanted = true;
    this.seat.wait();
  }

  /** Leave for good: unregisters, and ends a call that is up. */
  stop(): void {
    this.wanted = false;
    this.seat.stop();
    this.give("off");
  }

  /** The agent is at work, or not: a credential ends with the work it was given for. */
  work(on: boolean): void {
    if (on === this.working) return;
    this.working = on;
    if (!on) this.stale = true;
    else if (this.stale && this.wanted && this.state.registration !== "elsewhere") {
      const { ua } = this;
      this.ua = null;
      ua?.stop();
      this.connect();
    }
  }

  /** Bring the telephone to this page from another one. */
  takeOver(): void {
    if (!this.wanted || this.state.registration !== "elsewhere") return;
    this.seat.steal();
  }

  /** Pick up. Without a microphone it goes on ringing and `problem` says why. */
  async answer(): Promise<void> {
    const { session } = this;
    if (!session || this.state.call?.stage !== "ringing") return;
    this.setCall({ stage: "answering" });
    let voice: MediaStream;
    try {
      voice = await this.microphone.lend();
    } catch {
      if (session === this.session) this.setCall({ stage: "ringing" });
      this.set({ problem: "microphone" });
      return;
    }
    if (session !== this.session || session.isEnded()) return silence(voice);
    this.voice = voice;
    this.set({ problem: "" });
    session.answer({ mediaStream: voice, pcConfig: { iceServers: [] } });
  }

  /** End or refuse the phone's own leg. */
  drop(): void {
    if (this.session && !this.session.isEnded()) this.session.terminate();
  }

  toggleMute(): void {
    const { call } = this.state;
    if (!this.session || call?.stage !== "up") return;
    if (call.muted) this.session.unmute({ audio: true });
    else this.session.mute({ audio: true });
    this.setCall({ muted: !call.muted });
  }

  /** Ask for the microphone again, after it was allowed or plugged in. */
  checkMicrophone = (): void => {
    this.microphone.open().then(
      () => {
        if (this.state.problem === "microphone") this.set({ problem: "" });
        void this.replaceVoice();
      },
      () => this.set({ problem: "microphone" }),
    );
  };

  /** A headset that was unplugged in a call took its track with it: go on with the microphone there is now. */
  private async replaceVoice(): Promise<void> {
    const { session, voice } = this;
    if (!session || !voice || voice.getAudioTracks().some((track) => track.readyState === "live")) return;
    const next = await this.microphone.lend();
    const track = next.getAudioTracks()[0];
    const sender = session.connection?.getSenders().find((one) => one.track?.kind === "audio");
    if (session !== this.session || !track || !sender) return silence(next);
    track.enabled = !this.state.call?.muted;
    await sender.replaceTrack(track);
    this.voice = next;
  }

  private connect(): void {
    // Asked for now, so that the browser's question does not stand before the first caller.
    this.checkMicrophone();
    navigator.mediaDevices?.addEventListener("devicechange", this.checkMicrophone);
    void this.register();
  }

  private give(registration: Registration): void {
    if (this.timer) clearTimeout(this.timer);
    const { ua } = this;
    this.ua = null;
    ua?.stop();
    this.over();
    navigator.mediaDevices?.removeEventListener("devicechange", this.checkMicrophone);
    this.microphone.close();
    this.set({ registration, problem: "" });
  }

  private async register(): Promise<void> {
    this.set({ registration: "connecting" });
    let device: Device;
    let sip: typeof import("jssip");
    try {
      // Only who takes calls needs it, and nobody before the page stands.
      [device, sip] = await Promise.all([api.post<Device>("/api/desk/device"), import("jssip")]);
    } catch {
      this.again();
      return;
    }
    if (!this.wanted || this.state.registration !== "connecting" || this.ua) return;
    this.stale = false;
    const ua = new sip.UA({
      sockets: [new sip.WebSocketInterface(device.ws)],
      uri: device.uri,
      password: device.password,
      register_expires: device.register_expires,
      session_timers: false,
      connection_recovery_min_interval: 1,
      connection_recovery_max_interval: 8,
    });
    this.ua = ua;
    // Registered once over the connection that is still up: a refusal then means that a newer page has the seat.
    let settled = false;
    ua.on("registered", () => {
      if (ua !== this.ua) return;
      settled = true;
      this.attempt = 0;
      this.set({ registration: "registered" });
    });
    ua.on("disconnected", () => {
      settled = false;
      if (ua === this.ua) this.set({ registration: "connecting" });
    });
    ua.on("registrationFailed", (event: { response?: { status_code: number } }) => {
      if (ua !== this.ua) return;
      if (settled && REFUSED.has(event.response?.status_code ?? 0))
        this.give(this.stale ? "off" : "elsewhere");
      else this.refused(ua, settled);
    });
    ua.on("newRTCSession", (event: { originator: string; session: RTCSession; request: unknown }) => {
      if (ua === this.ua && event.originator === "remote")
        this.incoming(event.session, event.request as Headers);
    });
    ua.start();
  }

  /**
   * A restarted server no longer knows the credential: ask for a new one. Over the connection that carried the
   * call, never while it lasts; over a new one, the server gave that leg up, whatever this page still believes.
   */
  private refused(ua: UA, settled: boolean): void {
    this.set({ registration: "failed" });
    if (!ua.isConnected() || (settled && this.session)) return;
    this.ua = null;
    ua.stop();
    this.over();
    this.again();
  }

  private again(): void {
    if (!this.wanted || this.state.registration === "elsewhere") return;
    this.set({ registration: "failed" });
    if (this.timer) clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.register(), backoff_ms(this.attempt++, Math.random()));
  }

  private incoming(session: RTCSession, request: Headers): void {
    const auto = request.getHeader("X-Auto-Answer") === "1";
    const before = this.session;
    if (before && !before.isEnded()) {
      if (!auto) {
        session.terminate({ status_code: 486 });
        return;
      }
      // The server has given up the leg before, or it would not dial again.
      this.over();
      before.terminate();
    }
    this.session = session;
    this.set({
      call: { call: request.getHeader("X-Call") ?? null, stage: "ringing", muted: false, media: "new" },
      problem: "",
    });
    hasten(session);
    const mine = () => session === this.session;
    session.on("peerconnection", (event: { peerconnection: RTCPeerConnection }) =>
      listen(event.peerconnection, (media) => {
        if (!mine()) return;
        this.setCall({ media });
        if (media === "failed") this.set({ problem: "media" });
        else if (media === "connected") this.set({ problem: "" });
      }),
    );
    session.on("confirmed", () => mine() && this.setCall({ stage: "up" }));
    session.on("peerconnection:setremotedescriptionfailed", () => mine() && this.set({ problem: "media" }));
    const ended = () => {
      if (!mine()) return;
      this.over();
      if (this.ua && this.state.registration === "failed") this.refused(this.ua, false);
    };
    session.on("ended", ended);
    session.on("failed", ended);
    if (auto) void this.answer();
  }

  private over(): void {
    this.session = null;
    silence(this.voice);
    this.voice = null;
    remoteAudio().srcObject = null;
    this.set({ call: null });
  }

  private set(next: Partial<PhoneState>): void {
    this.state = { ...this.state, ...next };
    for (const listener of this.listeners) listener();
  }

  private setCall(next: Partial<PhoneCall>): void {
    if (this.state.call) this.set({ call: { ...this.state.call, ...next } });
  }
}
