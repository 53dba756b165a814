/** The sound of the ring, computed: no file to load, nothing to buffer. */

/** Seconds from one ring to the next; the ring is one endlessly repeated stretch of this length. */
export const RING_S = 2.4;

const NOTES: readonly { at_s: number; hz: number }[] = [
  { at_s: 0, hz: 659.26 },
  { at_s: 0.16, hz: 880 },
  { at_s: 0.48, hz: 659.26 },
  { at_s: 0.64, hz: 880 },
];
const DECAY_S = 0.35;
const ATTACK_S = 0.008;
const LOUDNESS = 0.28;

/** One stretch at `rate` samples a second: two soft pairs of notes, then quiet, within -1..1. */
export function ringSamples(rate: number): Float32Array<ArrayBuffer> {
  const samples = new Float32Array(Math.round(RING_S * rate));
  for (const { at_s, hz } of NOTES) {
    for (let n = Math.round(at_s * rate); n < samples.length; n++) {
      const t = n / rate - at_s;
      const shape = Math.min(1, t / ATTACK_S) * Math.exp(-t / DECAY_S);
      const tone = Math.sin(2 * Math.PI * hz * t) + 0.35 * Math.sin(4 * Math.PI * hz * t);
      samples[n] = (samples[n] ?? 0) + LOUDNESS * shape * tone;
    }
  }
  return samples;
}
