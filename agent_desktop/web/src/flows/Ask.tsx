/** Asks once more before something is for callers, or gone; the button says what it does. */

import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useWords } from "../shared/words";

interface Props {
  title: string;
  help: string;
  /** Whether something is gone afterwards. */
  takesAway?: boolean;
  onYes: () => void;
  onNo: () => void;
}

export function Ask({ title, help, takesAway, onYes, onNo }: Props) {
  const { t } = useWords();
  return (
    <Modal
      opened
      onClose={onNo}
      title={title}
      closeButtonProps={{ "aria-label": t("history.close") }}
      data-testid="flow-ask"
    >
      <Stack gap="sm">
        <Text size="sm">{help}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onNo}>
            {t("admin.cancel")}
          </Button>
          <Button
            onClick={onYes}
            color={takesAway ? "red" : undefined}
            data-testid="flow-sure"
            data-autofocus
          >
            {title}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
