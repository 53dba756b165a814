/** Set what a waiting call's priority starts from. */

import { Button, Group, Modal, NumberInput, Stack, Text } from "@mantine/core";
import { type FormEvent, useCallback, useState } from "react";
import { api } from "../shared/api";
import { useCommand, useLoad } from "../shared/hooks";
import type { StandingOfCall } from "../shared/schema";
import { Failed } from "../shared/states";
import type { CallView } from "../shared/types";
import { useWords } from "../shared/words";

/** Steps a supervisor thinks in: a tier or two. */
const READY = [0, 20, 50, 100];

interface Props {
  call: CallView;
  onClose: () => void;
}

export function Prioritise({ call, onClose }: Props) {
  const { t } = useWords();
  const at = `/api/floor/calls/${encodeURIComponent(call.id)}`;
  const { data } = useLoad(useCallback(() => api.get<StandingOfCall>(`${at}/standing`), [at]));
  const [value, setValue] = useState<number | string>("");
  const { run, error, busy } = useCommand();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (await run(() => api.post(`${at}/priority`, { base_priority: Number(value) }))) onClose();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      size={420}
      title={t("priority.title", call.customer_name || call.caller || t("call.anonymous"))}
      closeButtonProps={{ "aria-label": t("history.close") }}
      data-testid="prioritise"
    >
      <form onSubmit={(event) => void submit(event)}>
        <Stack gap="sm">
          <Text size="sm">
            {data
              ? t("priority.now", Math.round(data.priority * 10) / 10, data.position)
              : t("priority.help")}
          </Text>
          <NumberInput
            label={t("priority.base")}
            description={t("priority.base.help")}
            value={value}
            onChange={setValue}
            min={-1000}
            max={1000}
            data-autofocus
            data-testid="priority-value"
          />
          <Group gap={6}>
            {READY.map((one) => (
              <Button key={one} size="compact-sm" variant="default" onClick={() => setValue(one)}>
                {one}
              </Button>
            ))}
          </Group>
          {error ? <Failed error={error} /> : null}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t("admin.cancel")}
            </Button>
            <Button type="submit" disabled={value === ""} loading={busy} data-testid="priority-go">
              {t("admin.save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
