import { useViewportSize } from "@mantine/hooks";

/** What is enough on a screen of this height, in CSS pixels. */
const USUAL = 800;
const MOST = 1.7;

/** A plot grows with the screen: `usual` px on a small one, more on a wall. */
export function usePlotHeight(usual: number): number {
  const { height } = useViewportSize();
  return Math.round(usual * Math.max(1, Math.min(MOST, height / USUAL)));
}
