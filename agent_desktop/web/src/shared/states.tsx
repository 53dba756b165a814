/** Loading, empty and error, looking the same on every page. */

import { Alert, Box, Button, Center, Group, Loader, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { Problem } from "./api";
import { known, refusal } from "./refusal";
import { useWords, type Words } from "./words";

export function Loading() {
  const { t } = useWords();
  return (
    <Center mih={240} data-testid="loading" role="status" aria-label={t("loading")}>
      <Loader size="sm" />
    </Center>
  );
}

export function Nothing(props: { title: string; help?: string; icon?: ReactNode; testid?: string }) {
  return (
    <Center mih={140} p="lg" data-testid={props.testid ?? "empty"}>
      <Stack gap={6} align="center">
        {props.icon ? <Box className="dim">{props.icon}</Box> : null}
        <Text fw={props.help ? 600 : 400} className={props.help ? "" : "dim"}>
          {props.title}
        </Text>
        {props.help ? (
          <Text size="sm" className="dim" ta="center">
            {props.help}
          </Text>
        ) : null}
      </Stack>
    </Center>
  );
}

/** An error as a sentence for the person at the desk. */
export function sentence(error: unknown, t: Words["t"]): string {
  if (error instanceof Problem) {
    if (error.status === 0) return t("error.offline");
    if (error.status === 401) return t("error.signedout");
    if (error.status === 403) return t("error.forbidden");
    const said = error.detail || error.title;
    if (error.status === 409) return refusal(said, t);
    const words = known(said, t);
    if (words) return words;
    if (error.status === 404) return t("error.gone", said);
    if (error.status >= 500) return t("error.server", said);
    return t("error.generic", said);
  }
  return t("error.generic", String(error));
}

export function Failed({
  error,
  retry,
  onClose,
}: {
  error: unknown;
  retry?: () => void;
  onClose?: () => void;
}) {
  const { t } = useWords();
  return (
    <Alert
      color="red"
      variant="light"
      data-testid="problem"
      role="alert"
      withCloseButton={Boolean(onClose)}
      closeButtonLabel={t("error.dismiss")}
      onClose={onClose}
      py="xs"
    >
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm">{sentence(error, t)}</Text>
        {retry ? (
          <Button size="xs" variant="default" onClick={retry}>
            {t("error.retry")}
          </Button>
        ) : null}
      </Group>
    </Alert>
  );
}

export function Panel({
  children,
  testid,
  className = "",
  label,
}: {
  children: ReactNode;
  testid?: string;
  className?: string;
  label?: string;
}) {
  return (
    <Box component="section" aria-label={label} className={`panel ${className}`} p="md" data-testid={testid}>
      {children}
    </Box>
  );
}
