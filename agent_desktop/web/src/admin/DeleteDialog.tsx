/** Asks before a row is deleted, and says what still depends on it. */

import { Button, Group, List, Modal, Stack, Text } from "@mantine/core";
import { api } from "../shared/api";
import { useCommand } from "../shared/hooks";
import { Failed, Loading } from "../shared/states";
import { useWords } from "../shared/words";
import { useDependents } from "./dependents";
import type { AdminKind, Row } from "./fields";

/** Most names listed of one kind. */
const MOST = 8;

interface Props {
  /** The z-index it needs. */
  above: number;
  kind: AdminKind;
  row: Row;
  onClose: () => void;
  onDone: () => void;
}

export function DeleteDialog({ above, kind, row, onClose, onDone }: Props) {
  const { t } = useWords();
  const { data, error: unread, reload } = useDependents(kind, row.id);
  const { run, error, busy, clear } = useCommand();
  const name = String(row.name || row.id);
  const used = Boolean(data?.length);
  const remove = async () => {
    if (await run(() => api.drop(`/api/admin/${kind}/${encodeURIComponent(row.id)}`))) onDone();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("admin.delete.title", name)}
      zIndex={above}
      closeButtonProps={{ "aria-label": t("history.close") }}
      data-testid="delete-dialog"
    >
      <Stack gap="sm">
        {unread ? <Failed error={unread} retry={reload} /> : null}
        {!data && !unread ? <Loading /> : null}
        {data && used ? (
          <div data-testid="delete-used">
            <Text size="sm" mb={6}>
              {t("admin.delete.used")}
            </Text>
            <List size="sm" spacing={4}>
              {data.map((one) => (
                <List.Item key={one.kind}>
                  {t(
                    one.rows.length > MOST ? "admin.delete.more" : "admin.delete.these",
                    t(`admin.${one.kind}`),
                    one.rows
                      .slice(0, MOST)
                      .map((r) => String(r.name || r.id))
                      .join(t("list.comma")),
                    one.rows.length,
                  )}
                </List.Item>
              ))}
            </List>
          </div>
        ) : null}
        {data && !used ? <Text size="sm">{t(`admin.delete.${kind}`)}</Text> : null}
        {error ? <Failed error={error} onClose={clear} /> : null}
        <Group justify="flex-end" gap="xs" mt="xs">
          <Button variant="default" onClick={onClose} data-autofocus>
            {used ? t("history.close") : t("admin.cancel")}
          </Button>
          {used ? null : (
            <Button
              color="red"
              loading={busy}
              disabled={!data}
              onClick={() => void remove()}
              data-testid="delete-confirm"
            >
              {t("admin.delete")}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}
