/** Rings until told to stop. Browsers let a page sound only after its first click or key; `silent` says if they do not. */

import { ringSamples } from "./ring";

const GESTURES = ["pointerdown", "keydown"] as const;

export class Ringer {
  private context: AudioContext | null = null;
  private source: AudioBufferSourceNode | null = null;
  private listeners = new Set<() => void>();

  /** True while the browser would not let a ring be heard. */
  silent = (): boolean => this.context?.state !== "running";

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  open(): void {
    if (this.context) return;
    this.context = new AudioContext();
    this.context.onstatechange = () => this.changed();
    for (const gesture of GESTURES) window.addEventListener(gesture, this.wake);
    this.wake();
  }

  close(): void {
    this.stop();
    for (const gesture of GESTURES) window.removeEventListener(gesture, this.wake);
    void this.context?.close();
    this.context = null;
  }

  start(): void {
    const { context } = this;
    if (!context || this.source) return;
    const samples = ringSamples(context.sampleRate);
    const buffer = context.createBuffer(1, samples.length, context.sampleRate);
    buffer.copyToChannel(samples, 0);
    const source = context.createBufferSource();
    source.buffer = buffer;
    source.loop = true;
    source.connect(context.destination);
    source.start();
    this.source = source;
    this.wake();
  }

  stop(): void {
    this.source?.stop();
    this.source?.disconnect();
    this.source = null;
  }

  private wake = (): void => {
    // Refused until the person has touched the page; the next gesture asks again.
    if (this.context?.state === "suspended") void this.context.resume();
  };

  private changed(): void {
    for (const listener of this.listeners) listener();
  }
}
