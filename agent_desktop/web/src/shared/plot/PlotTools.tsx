/** What a plot can be asked beside pointer and keys: closer, farther, all, the usual lengths. */

import { ActionIcon, Button, Group } from "@mantine/core";
import { IconMaximize, IconZoomIn, IconZoomOut } from "@tabler/icons-react";
import { memo } from "react";
import { useWords, type Words } from "../words";
import type { Move } from "./view";
import { DAY } from "./zone";

interface Props {
  /** How many days are shown: while a plot is dragged it stays the same, and nothing here is drawn anew. */
  days: number;
  onMove: (move: Move) => void;
  /** Lengths to choose from, in days. */
  lengths?: readonly number[];
}

const USUAL = [1, 7, 28, 91, 365] as const;

export const PlotTools = memo(function PlotTools({ days, onMove, lengths = USUAL }: Props) {
  const { t } = useWords();
  const tool = (label: string, Icon: typeof IconZoomIn, move: Move) => (
    <ActionIcon variant="subtle" color="gray" aria-label={label} title={label} onClick={() => onMove(move)}>
      <Icon size={17} />
    </ActionIcon>
  );
  return (
    <Group gap={2} wrap="nowrap" role="group" aria-label={t("plot.tools")}>
      {lengths.map((one) => (
        <Button
          key={one}
          size="compact-xs"
          variant={days === one ? "light" : "subtle"}
          color={days === one ? undefined : "gray"}
          aria-pressed={days === one}
          onClick={() => onMove({ kind: "length", wide: one * DAY })}
        >
          {lengthWords(one, t)}
        </Button>
      ))}
      {tool(t("plot.closer"), IconZoomIn, { kind: "zoom", factor: 1 / 1.6 })}
      {tool(t("plot.farther"), IconZoomOut, { kind: "zoom", factor: 1.6 })}
      {tool(t("plot.all"), IconMaximize, { kind: "all" })}
    </Group>
  );
});

function lengthWords(days: number, t: Words["t"]): string {
  if (days === 1) return t("plot.day");
  if (days >= 365) return t("plot.year");
  return days >= 91 ? t("plot.quarter") : t("plot.weeks", days / 7);
}

/** Of a view, for the tools. */
export const daysOf = (view: { from: number; to: number }) => Math.round((view.to - view.from) / DAY);
