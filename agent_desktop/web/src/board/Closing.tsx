/** Close a queue in an emergency: one click, the announcement is there already. */

import { Button, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { useState } from "react";
import { api } from "../shared/api";
import { useCommand } from "../shared/hooks";
import { Failed } from "../shared/states";
import type { QueueView } from "../shared/types";
import { useWords } from "../shared/words";
import { PHRASES, type PhraseKey } from "./phrases";

interface Props {
  queue: QueueView;
  onClose: () => void;
}

export function Closing({ queue, onClose }: Props) {
  const { t, language } = useWords();
  const [spoken, setSpoken] = useState<keyof typeof PHRASES>(language === "en" ? "en" : "zh-CN");
  const [message, setMessage] = useState<string>(PHRASES[spoken].trouble);
  const { run, error, busy } = useCommand();
  const close = async () => {
    const at = `/api/floor/queues/${encodeURIComponent(queue.id)}/close`;
    if (await run(() => api.post(at, { message: message.trim() }))) onClose();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      size={560}
      title={t("closing.title", queue.name)}
      closeButtonProps={{ "aria-label": t("history.close") }}
      data-testid="closing"
    >
      <Stack gap="sm">
        <Text size="sm">{queue.waiting ? t("closing.waiting", queue.waiting) : t("closing.help")}</Text>
        <Textarea
          label={t("closing.message")}
          description={t("closing.message.help")}
          value={message}
          onChange={(event) => setMessage(event.currentTarget.value)}
          maxLength={500}
          autosize
          minRows={2}
          maxRows={6}
          data-testid="closing-message"
        />
        <Group gap={6}>
          {(Object.keys(PHRASES[spoken]) as PhraseKey[]).map((key) => (
            <Button
              key={key}
              size="compact-sm"
              variant={message === PHRASES[spoken][key] ? "light" : "default"}
              onClick={() => setMessage(PHRASES[spoken][key])}
              data-testid={`phrase-${key}`}
            >
              {t(`phrase.${key}`)}
            </Button>
          ))}
          <Button
            size="compact-sm"
            variant="subtle"
            color="gray"
            ml="auto"
            onClick={() => {
              const next = spoken === "en" ? "zh-CN" : "en";
              const same = (Object.keys(PHRASES[spoken]) as PhraseKey[]).find(
                (key) => PHRASES[spoken][key] === message,
              );
              setSpoken(next);
              if (same) setMessage(PHRASES[next][same]);
            }}
            data-testid="phrase-language"
          >
            {t(spoken === "en" ? "closing.in_chinese" : "closing.in_english")}
          </Button>
        </Group>
        {error ? <Failed error={error} /> : null}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t("admin.cancel")}
          </Button>
          <Button
            color="red"
            onClick={() => void close()}
            loading={busy}
            data-autofocus
            data-testid="closing-go"
          >
            {t("closing.go")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
