/** The legend of a plot, with what each line has at the cursor. */

import { Group, Text } from "@mantine/core";

export interface Reading {
  name: string;
  /** A CSS colour. */
  color: string;
  /** What stands there; nothing while there is no cursor. */
  value?: string | undefined;
  /** How it is drawn. */
  look?: "line" | "dash" | "band";
}

export function Readout({ at, readings }: { at: string; readings: readonly Reading[] }) {
  return (
    <Group gap="4px 16px" mih={24} className="readout" aria-hidden>
      {at ? (
        <Text size="sm" className="num" fw={600} miw={150}>
          {at}
        </Text>
      ) : null}
      {readings.map((one) => (
        <Group key={one.name} gap={6} wrap="nowrap">
          <span className={`swatch ${one.look ?? "line"}`} style={{ color: one.color }} />
          <Text size="sm">
            {one.name} <span className="num strong">{one.value ?? ""}</span>
          </Text>
        </Group>
      ))}
    </Group>
  );
}
