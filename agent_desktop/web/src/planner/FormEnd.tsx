/** The last line of a form: delete what there is, cancel, save. */

import { Button, Group } from "@mantine/core";
import { useWords } from "../shared/words";

interface Props {
  /** What its parts are called in tests: `NAME-save`, `NAME-delete`. */
  name: string;
  busy: boolean;
  /** It cannot be saved as it is. */
  wrong?: boolean;
  /** Absent where there is nothing to delete. */
  onDelete?: (() => void) | undefined;
  onClose: () => void;
}

export function FormEnd({ name, busy, wrong = false, onDelete, onClose }: Props) {
  const { t } = useWords();
  return (
    <Group justify="space-between">
      {onDelete ? (
        <Button
          variant="subtle"
          color="red"
          disabled={busy}
          onClick={onDelete}
          data-testid={`${name}-delete`}
        >
          {t("admin.delete")}
        </Button>
      ) : (
        <span />
      )}
      <Group gap="xs">
        <Button variant="default" onClick={onClose}>
          {t("admin.cancel")}
        </Button>
        <Button type="submit" loading={busy} disabled={wrong} data-testid={`${name}-save`}>
          {t("admin.save")}
        </Button>
      </Group>
    </Group>
  );
}
