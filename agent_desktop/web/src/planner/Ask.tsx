/** Asks once more before something is done that others see, or that is gone. */

import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useWords } from "../shared/words";

interface Props {
  title: string;
  help: string;
  yes: string;
  danger?: boolean;
  zIndex?: number;
  disabled?: boolean;
  onYes: () => void;
  onNo: () => void;
  /** What has to be said with it, such as a reason. */
  children?: ReactNode;
}

export function Ask({ title, help, yes, danger, zIndex, disabled, onYes, onNo, children }: Props) {
  const { t } = useWords();
  return (
    <Modal
      opened
      onClose={onNo}
      title={title}
      zIndex={zIndex}
      closeButtonProps={{ "aria-label": t("history.close") }}
      data-testid="ask"
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onYes();
        }}
      >
        <Stack gap="sm">
          <Text size="sm">{help}</Text>
          {children}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onNo}>
              {t("admin.cancel")}
            </Button>
            <Button
              type="submit"
              color={danger ? "red" : undefined}
              disabled={disabled}
              data-testid="ask-yes"
              data-autofocus={children ? undefined : true}
            >
              {yes}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
