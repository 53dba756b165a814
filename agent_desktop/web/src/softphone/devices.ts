/** Which microphone and speaker this seat uses, remembered on this machine. */

export interface Choices {
  microphone: string;
  speaker: string;
}

const KEY = "callfloor.devices";

export function loadChoices(): Choices {
  try {
    const read = JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Choices>;
    return { microphone: read.microphone ?? "", speaker: read.speaker ?? "" };
  } catch {
    return { microphone: "", speaker: "" };
  }
}

export function saveChoices(choices: Choices): void {
  localStorage.setItem(KEY, JSON.stringify(choices));
}

/** What to ask the browser for: the chosen microphone if it is still there, with speech processing on. */
export function microphone(choices: Choices = loadChoices()): MediaTrackConstraints {
  return {
    echoCancellation: true,
    noiseSuppression: true,
    autoGainControl: true,
    ...(choices.microphone ? { deviceId: { ideal: choices.microphone } } : {}),
  };
}

/** Send an audio element's sound to the chosen speaker, where the browser can. */
export async function toSpeaker(audio: HTMLAudioElement, choices: Choices = loadChoices()): Promise<void> {
  if (!("setSinkId" in audio)) return;
  // An unplugged headset must not silence the call: fall back to the default speaker.
  await audio.setSinkId(choices.speaker).catch(() => audio.setSinkId(""));
}
