/** Asks once more before something is for callers. */

import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useWords } from "../shared/words";

interface Props {
  title: string;
  help: string;
  onYes: () => void;
  onNo: () => void;
}

export function Ask({ title, help, onYes, onNo }: Props) {
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
          <Button onClick={onYes} data-testid="flow-sure" data-autofocus>
            {t("flows.sure")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
