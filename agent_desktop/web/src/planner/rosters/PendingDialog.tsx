/** A change that breaks a hard rule, or meets somebody else's, is shown before it is kept. */

import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useWords } from "../../shared/words";
import type { Plan } from "./problem";
import { Difference } from "./Said";
import type { Editing } from "./useEditing";

export function PendingDialog({ plan, editing }: { plan: Plan; editing: Editing }) {
  const { t } = useWords();
  const { pending } = editing;
  if (!pending) return null;
  return (
    <Modal
      opened
      onClose={editing.discard}
      title={t(pending.again ? "sched.pending.again" : "sched.pending")}
      closeButtonProps={{ "aria-label": t("history.close") }}
      data-testid="pending"
    >
      <Stack gap="sm">
        {pending.again ? <Text size="sm">{t("sched.pending.again.help")}</Text> : null}
        <Difference plan={plan} difference={pending.changed.difference} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={() => void editing.keep()} data-testid="pending-keep">
            {t("sched.pending.keep")}
          </Button>
          <Button onClick={editing.discard} data-autofocus data-testid="pending-discard">
            {t("sched.pending.discard")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
