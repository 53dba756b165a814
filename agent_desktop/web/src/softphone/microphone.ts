/** The seat's microphone: asked for once, kept open, lent to each call as a copy. */

import { loadChoices, microphone } from "./devices";

export class Microphone {
  private stream: MediaStream | null = null;
  private opening: Promise<MediaStream> | null = null;
  private device = "";

  /** Open it if it is not open yet. Rejects when the browser gives none. */
  async open(): Promise<void> {
    await this.opened();
  }

  /** A copy for one call: muting or stopping it leaves the microphone open. Rejects when there is none. */
  async lend(): Promise<MediaStream> {
    const stream = await this.opened();
    return new MediaStream(stream.getAudioTracks().map((track) => track.clone()));
  }

  close(): void {
    silence(this.stream);
    this.stream = null;
  }

  private opened(): Promise<MediaStream> {
    const wanted = loadChoices().microphone;
    const usable = this.stream?.getAudioTracks().some((track) => track.readyState === "live");
    if (this.stream && usable && wanted === this.device) return Promise.resolve(this.stream);
    // Two askers at once would be two questions to the person.
    this.opening ??= this.ask(wanted).finally(() => {
      this.opening = null;
    });
    return this.opening;
  }

  private async ask(wanted: string): Promise<MediaStream> {
    // Browsers hide their devices from pages that came over plain HTTP from another machine.
    if (!navigator.mediaDevices) throw new Error("no microphone on an insecure page");
    const stream = await navigator.mediaDevices.getUserMedia({ audio: microphone() });
    this.close();
    this.stream = stream;
    this.device = wanted;
    return stream;
  }
}

/** Let a stream's devices go. */
export function silence(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}
