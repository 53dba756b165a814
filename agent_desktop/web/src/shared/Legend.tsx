/** What the colours mean. */

import { Group, Text } from "@mantine/core";

export interface Part {
  name: string;
  /** A CSS colour. */
  color: string;
}

export function Legend({ parts }: { parts: readonly Part[] }) {
  return (
    <Group gap="4px 16px">
      {parts.map((part) => (
        <Group key={part.name} gap={6} wrap="nowrap">
          <span className="dot square" style={{ background: part.color }} aria-hidden />
          <Text size="sm">{part.name}</Text>
        </Group>
      ))}
    </Group>
  );
}
