/** What stands in the place of a page that could not be drawn or fetched. */

import { Button, Center, Stack, Text } from "@mantine/core";
import { Component, type ReactNode } from "react";
import { useWords } from "./words";

export class Broken extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  override render() {
    return this.state.broken ? <Sorry /> : this.props.children;
  }
}

function Sorry() {
  const { t } = useWords();
  return (
    <Center mih="60vh" p="md" role="alert" data-testid="broken">
      <Stack gap="sm" align="center">
        <Text fw={600}>{t("error.broken")}</Text>
        <Text size="sm" className="dim">
          {t("error.broken.help")}
        </Text>
        <Button onClick={() => location.reload()}>{t("error.reload")}</Button>
      </Stack>
    </Center>
  );
}
