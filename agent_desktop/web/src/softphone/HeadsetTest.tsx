import { Button, Group, Modal, Progress, Select, Stack, Text } from "@mantine/core";
import { useCallback, useEffect, useRef, useState } from "react";
import { useRinger } from "../session/session";
import { useWords } from "../shared/words";
import { type Choices, loadChoices, microphone, saveChoices, toSpeaker } from "./devices";
import { remoteAudio } from "./media";
import { silence } from "./microphone";

/** Length of the spoken sample that is played back, in milliseconds. */
const SAMPLE_MS = 3000;

export function HeadsetTest({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useWords();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("headset.title")}
      closeButtonProps={{ "aria-label": t("history.close") }}
      data-testid="headset"
    >
      {opened ? <HeadsetPanel /> : null}
    </Modal>
  );
}

function HeadsetPanel() {
  const { t } = useWords();
  const [choices, setChoices] = useState<Choices>(loadChoices);
  const [devices, setDevices] = useState<MediaDeviceInfo[]>([]);
  const [stream, setStream] = useState<MediaStream | null>(null);
  const [denied, setDenied] = useState(false);
  const [echo, setEcho] = useState<"" | "recording" | "playing">("");
  const [heard, setHeard] = useState(false);
  const [ringing, setRinging] = useState(false);
  const { ringer } = useRinger();
  const playback = useRef<HTMLAudioElement>(null);

  const chosen = choices.microphone;
  useEffect(() => {
    let current: MediaStream | null = null;
    let over = false;
    navigator.mediaDevices
      ?.getUserMedia({ audio: microphone({ microphone: chosen, speaker: "" }) })
      .then(async (next) => {
        if (over) return silence(next);
        current = next;
        setStream(next);
        setDenied(false);
        setDevices(await navigator.mediaDevices.enumerateDevices());
      })
      .catch(() => setDenied(true));
    if (!navigator.mediaDevices) setDenied(true);
    return () => {
      over = true;
      silence(current);
    };
  }, [chosen]);

  const choose = (next: Choices) => {
    setChoices(next);
    saveChoices(next);
    void toSpeaker(remoteAudio(), next);
  };
  const record = async () => {
    if (!stream) return;
    const recorder = new MediaRecorder(stream);
    const parts: Blob[] = [];
    recorder.ondataavailable = (event) => parts.push(event.data);
    recorder.onstop = async () => {
      const audio = playback.current;
      if (!audio) return;
      setEcho("playing");
      const url = URL.createObjectURL(new Blob(parts, { type: recorder.mimeType }));
      audio.src = url;
      await toSpeaker(audio, choices);
      const done = () => {
        URL.revokeObjectURL(url);
        setEcho("");
      };
      audio.onended = done;
      await audio.play().catch(done);
    };
    setEcho("recording");
    recorder.start();
    setTimeout(() => recorder.state === "recording" && recorder.stop(), SAMPLE_MS);
  };
  useEffect(() => {
    if (!ringing) return;
    ringer?.start();
    const timer = setTimeout(() => setRinging(false), SAMPLE_MS);
    return () => {
      clearTimeout(timer);
      ringer?.stop();
    };
  }, [ringing, ringer]);
  const options = (kind: MediaDeviceKind) =>
    devices
      .filter((d) => d.kind === kind && d.deviceId && d.deviceId !== "default")
      .map((d, n) => ({ value: d.deviceId, label: d.label || `${n + 1}` }));
  const hear = useCallback(() => setHeard(true), []);

  return (
    <Stack>
      {denied ? (
        <Text c="var(--cf-bad)" size="sm" role="alert" data-testid="headset-denied">
          {t("headset.denied")}
        </Text>
      ) : null}
      <Select
        label={t("headset.mic")}
        placeholder={t("headset.default")}
        clearable
        data={options("audioinput")}
        value={choices.microphone || null}
        onChange={(v) => choose({ ...choices, microphone: v ?? "" })}
        data-testid="headset-mic"
      />
      <Select
        label={t("headset.speaker")}
        placeholder={t("headset.default")}
        clearable
        data={options("audiooutput")}
        value={choices.speaker || null}
        onChange={(v) => choose({ ...choices, speaker: v ?? "" })}
        data-testid="headset-speaker"
      />
      <div>
        <Text size="sm" fw={500} mb={6}>
          {t("headset.level")}
        </Text>
        <Level stream={stream} onHeard={hear} />
        <Text size="sm" className="dim" mt={6} role="status" data-testid="headset-heard" data-heard={heard}>
          {heard ? t("headset.heard") : t("headset.silent")}
        </Text>
      </div>
      <Group>
        <Button
          variant="light"
          onClick={() => void record()}
          disabled={!stream || echo !== ""}
          data-testid="headset-echo"
        >
          {echo === "recording"
            ? t("headset.recording")
            : echo === "playing"
              ? t("headset.playing")
              : t("headset.record")}
        </Button>
        {ringer ? (
          <Button variant="default" onClick={() => setRinging(!ringing)} aria-pressed={ringing}>
            {t("headset.tone")}
          </Button>
        ) : null}
      </Group>
      {/* biome-ignore lint/a11y/useMediaCaption: the person's own voice, played back to them */}
      <audio ref={playback} hidden />
    </Stack>
  );
}

/** How loud the microphone is, drawn ten times a second. */
function Level({ stream, onHeard }: { stream: MediaStream | null; onHeard: () => void }) {
  const { t } = useWords();
  const [level, setLevel] = useState(0);
  useEffect(() => {
    if (!stream) return;
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    analyser.fftSize = 1024;
    context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    const timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, x) => sum + x * x, 0) / samples.length;
      const share = Math.max(0, Math.min(1, (10 * Math.log10(power + 1e-9) + 60) / 55));
      setLevel(share);
      if (share > 0.25) onHeard();
    }, 100);
    return () => {
      clearInterval(timer);
      void context.close();
    };
  }, [stream, onHeard]);
  return (
    <Progress
      value={level * 100}
      size="lg"
      color={level > 0.92 ? "red" : "teal"}
      transitionDuration={80}
      aria-label={t("headset.level")}
      data-testid="headset-level"
    />
  );
}
