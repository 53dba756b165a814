/** The live socket: keeps one connection to the floor, tries again with growing waits, feeds the reducer. */

import { backoff_ms } from "./backoff";
import { EMPTY, type Floor, type Message, reduce } from "./floor";

export type Link = "connecting" | "open" | "reconnecting";

export interface LiveState {
  floor: Floor;
  link: Link;
}

/** Longest silence before the link is taken for dead; the server pings more often than that. */
const SILENCE_MS = 45_000;

/** A page is drawn at most so often, in milliseconds: a busy floor says more in a second than anybody reads. */
const DRAW_MS = 100;

export class Live {
  private state: LiveState = { floor: EMPTY, link: "connecting" };
  private listeners = new Set<() => void>();
  private socket: WebSocket | null = null;
  private attempt = 0;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private silence: ReturnType<typeof setTimeout> | null = null;
  private stopped = true;
  private drawn = 0;
  private drawing: ReturnType<typeof setTimeout> | null = null;

  /** `onRefused` is called when the server closes because the session is over. */
  constructor(
    private readonly url: string,
    private readonly onRefused: () => void,
  ) {}

  get = (): LiveState => this.state;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  start(): void {
    this.stopped = false;
    window.addEventListener("online", this.retryNow);
    window.addEventListener("offline", this.cutOff);
    this.open();
  }

  stop(): void {
    this.stopped = true;
    window.removeEventListener("online", this.retryNow);
    window.removeEventListener("offline", this.cutOff);
    for (const timer of [this.timer, this.silence, this.drawing]) if (timer) clearTimeout(timer);
    this.drawing = null;
    this.socket?.close();
    this.socket = null;
  }

  private set(next: Partial<LiveState>): void {
    this.state = { ...this.state, ...next };
    this.draw();
  }

  /** Lone changes are drawn at once, a stream of them together. Hidden pages cost nothing to draw. */
  private draw(): void {
    const wait = document.hidden ? 0 : this.drawn + DRAW_MS - performance.now();
    if (wait > 0) {
      this.drawing ??= setTimeout(() => {
        this.drawing = null;
        this.draw();
      }, wait);
      return;
    }
    this.drawn = performance.now();
    for (const listener of this.listeners) listener();
  }

  private retryNow = (): void => {
    if (this.state.link !== "reconnecting") return;
    if (this.timer) clearTimeout(this.timer);
    this.open();
  };

  private open(): void {
    const before = this.socket;
    const socket = new WebSocket(this.url);
    this.socket = socket;
    before?.close();
    socket.onmessage = (event: MessageEvent<string>) => {
      if (socket !== this.socket) return;
      this.heard();
      const message = JSON.parse(event.data) as Message;
      const floor = reduce(this.state.floor, message, Date.now());
      if (message.type === "snapshot") {
        this.attempt = 0;
        this.set({ floor, link: "open" });
      } else if (floor !== this.state.floor) this.set({ floor });
    };
    socket.onclose = (event) => {
      if (socket !== this.socket || this.stopped) return;
      if (event.code === 4401 || event.code === 1008) this.onRefused();
      else this.later();
    };
    this.heard();
  }

  private heard(): void {
    if (this.silence) clearTimeout(this.silence);
    this.silence = setTimeout(this.cutOff, SILENCE_MS);
  }

  private cutOff = (): void => {
    const dead = this.socket;
    this.socket = null;
    dead?.close();
    if (!this.stopped) this.later();
  };

  private later(): void {
    this.set({ link: "reconnecting" });
    if (this.timer) clearTimeout(this.timer);
    this.timer = setTimeout(() => this.open(), backoff_ms(this.attempt++, Math.random()));
  }
}

/** The socket's address beside the page's own. */
export function socketUrl(path: string): string {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  return `${scheme}//${location.host}${path}`;
}
