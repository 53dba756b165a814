/** What every call of this page does with its peer connection, whichever way it was set up. */

import type { RTCSession } from "jssip/lib/RTCSession";
import { toSpeaker } from "./devices";
import { isLoopback, onlyLoopback } from "./sdp";

/** The longest wait for further ICE candidates after one came, in milliseconds. */
const GATHER_MS = 200;

/** Hidden element the far end is heard from; one per page. */
export function remoteAudio(): HTMLAudioElement {
  const found = document.getElementById("remote-audio");
  if (found instanceof HTMLAudioElement) return found;
  const audio = document.createElement("audio");
  audio.id = "remote-audio";
  audio.autoplay = true;
  audio.dataset.testid = "remote-audio";
  document.body.append(audio);
  return audio;
}

/** Play the far end and tell `onState` how the connection fares. */
export function listen(connection: RTCPeerConnection, onState: (state: string) => void): void {
  const audio = remoteAudio();
  connection.addEventListener("track", (event) => {
    audio.srcObject = event.streams[0] ?? new MediaStream([event.track]);
    void toSpeaker(audio);
    // Chromium may refuse to start without a click; the next click on the page starts it then.
    audio.play().catch(() => document.addEventListener("click", () => void audio.play(), { once: true }));
  });
  connection.addEventListener("connectionstatechange", () => onState(connection.connectionState));
}

/** Keep the set-up short: send the SDP as soon as there is something to send. */
export function hasten(session: RTCSession): void {
  const loopback = isLoopback(location.hostname);
  let timer: ReturnType<typeof setTimeout> | null = null;
  session.on("icecandidate", (event: { candidate: RTCIceCandidate; ready: () => void }) => {
    const text = event.candidate.candidate;
    if (loopback && / udp .* 127\.0\.0\.1 /i.test(text)) event.ready();
    else if (!timer) timer = setTimeout(() => event.ready(), GATHER_MS);
  });
  session.on("sdp", (event: { originator: string; sdp: string }) => {
    if (loopback && event.originator === "local") event.sdp = onlyLoopback(event.sdp);
  });
}
