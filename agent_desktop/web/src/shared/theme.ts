import { type CSSVariablesResolver, createTheme } from "@mantine/core";

export const theme = createTheme({
  primaryColor: "teal",
  primaryShade: 9,
  autoContrast: true,
  defaultRadius: "md",
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif',
  headings: { fontWeight: "600" },
  cursorType: "pointer",
  respectReducedMotion: true,
});

/** White words stand on it with a contrast of 5 to 1; none of the palette's oranges reaches that. */
export const MUTED = "#c2410c";

/** Words on a tint of their colour, and small grey or red words, with a contrast of at least 4.5 to 1. */
export const variables: CSSVariablesResolver = () => ({
  variables: {
    // The next lighter shade, which is the default, is too light for white words.
    "--mantine-color-teal-filled-hover": "#066a4b",
    "--mantine-primary-color-filled-hover": "#066a4b",
  },
  light: {
    "--mantine-color-dimmed": "var(--cf-dim)",
    "--mantine-color-error": "var(--cf-bad)",
    "--mantine-color-placeholder": "#6b757b",
    "--mantine-color-teal-light-color": "#05593f",
    "--mantine-color-teal-outline": "#087f5b",
    "--mantine-color-blue-light-color": "#12508f",
    "--mantine-color-yellow-light-color": "#6b4400",
    "--mantine-color-orange-light-color": "#8a2f07",
    "--mantine-color-red-light-color": "#a61e1e",
    "--mantine-color-gray-light-color": "#343a40",
  },
  dark: {
    "--mantine-color-dimmed": "var(--cf-dim)",
    "--mantine-color-error": "var(--cf-bad)",
    "--mantine-color-placeholder": "#8b969c",
  },
});
