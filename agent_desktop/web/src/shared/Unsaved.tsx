/** Asks before what is not saved is left. */

import { Button, Group, Modal, Text } from "@mantine/core";
import type { LeaveGuard } from "./path";
import { useWords } from "./words";

/** Of dialogs that stand above a drawer or another dialog. */
export const ABOVE = 300;

/** Mounted only while it asks: the Escape that closes the form must not answer the question as well. */
export function Unsaved({ guard }: { guard: LeaveGuard }) {
  const { t } = useWords();
  return (
    <Modal
      opened
      onClose={guard.stay}
      title={t("admin.unsaved")}
      zIndex={ABOVE}
      closeButtonProps={{ "aria-label": t("history.close") }}
      data-testid="unsaved"
    >
      <Text size="sm">{t("admin.unsaved.help")}</Text>
      <Group justify="flex-end" gap="xs" mt="md">
        <Button variant="default" c="var(--cf-bad)" onClick={guard.leave} data-testid="unsaved-leave">
          {t("admin.unsaved.leave")}
        </Button>
        <Button onClick={guard.stay} data-autofocus>
          {t("admin.unsaved.stay")}
        </Button>
      </Group>
    </Modal>
  );
}
