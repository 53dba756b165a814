/** What a plot can be asked beside pointer and keys: closer, farther, all, the usual lengths. */

import { ActionIcon, Button, Group } from "@mantine/core";
import { IconMaximize, IconZoomIn, IconZoomOut } from "@tabler/icons-react";
import { useWords } from "../words";
import type { Move, View } from "./view";
import { DAY } from "./zone";

interface Props {
  view: View;
  onMove: (move: Move) => void;
  /** Lengths to choose from, in days. */
  lengths?: readonly number[];
}

export function PlotTools({ view, onMove, lengths = [1, 7, 28, 91, 365] }: Props) {
  const { t } = useWords();
  const middle = (view.from + view.to) / 2;
  const tool = (label: string, icon: typeof IconZoomIn, move: Move) => {
    const Icon = icon;
    return (
      <ActionIcon variant="subtle" color="gray" aria-label={label} title={label} onClick={() => onMove(move)}>
        <Icon size={17} />
      </ActionIcon>
    );
  };
  const days = Math.round((view.to - view.from) / DAY);
  return (
    <Group gap={2} wrap="nowrap" role="group" aria-label={t("plot.tools")}>
      {lengths.map((one) => (
        <Button
          key={one}
          size="compact-xs"
          variant={days === one ? "light" : "subtle"}
          color={days === one ? undefined : "gray"}
          aria-pressed={days === one}
          onClick={() => {
            // As it ends now: planners look at the latest.
            onMove({ kind: "show", from: view.to - one * DAY, to: view.to });
          }}
        >
          {one === 1
            ? t("plot.day")
            : one % 7 === 0 && one < 91
              ? t("plot.weeks", one / 7)
              : one >= 365
                ? t("plot.year")
                : t("plot.quarter")}
        </Button>
      ))}
      {tool(t("plot.closer"), IconZoomIn, { kind: "zoom", at: middle, factor: 1 / 1.6 })}
      {tool(t("plot.farther"), IconZoomOut, { kind: "zoom", at: middle, factor: 1.6 })}
      {tool(t("plot.all"), IconMaximize, { kind: "all" })}
    </Group>
  );
}
