/** What a part of the calendar is, and the button that adds to it. */

import { Button, Group, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";

interface Props {
  title: string;
  help: string;
  add: string;
  /** Absent for who may only read. */
  onAdd?: (() => void) | undefined;
  testid: string;
}

export function PartHead({ title, help, add, onAdd, testid }: Props) {
  return (
    <Group justify="space-between" mb="xs" wrap="nowrap">
      <div>
        <Text fw={600}>{title}</Text>
        <Text size="xs" className="dim">
          {help}
        </Text>
      </div>
      {onAdd ? (
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconPlus size={15} />}
          onClick={onAdd}
          style={{ flex: "none" }}
          data-testid={testid}
        >
          {add}
        </Button>
      ) : null}
    </Group>
  );
}
