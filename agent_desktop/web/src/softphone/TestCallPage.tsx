import { Button, Center, Group, SimpleGrid, Stack, Text, TextInput, Title } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { IconPhone, IconPhoneOff } from "@tabler/icons-react";
import { useEffect, useState, useSyncExternalStore } from "react";
import { useNow } from "../shared/hooks";
import { LanguageButton, SchemeButton } from "../shared/look";
import { clock } from "../shared/time";
import { useWords } from "../shared/words";
import { TestCaller } from "./testcall";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];

/** `/test-call?number=95588&from=+86…`: a caller for trying things out. */
export function TestCallPage() {
  const { t } = useWords();
  const [caller] = useState(() => new TestCaller());
  const state = useSyncExternalStore(caller.subscribe, caller.get);
  const [query] = useState(() => new URLSearchParams(location.search));
  const [number, setNumber] = useState(query.get("number") ?? "95588");
  const [from, setFrom] = useState(query.get("from") ?? "");
  const now = useNow(0, 500);
  useEffect(() => () => caller.leave(), [caller]);
  useHotkeys(KEYS.map((key) => [key, () => caller.press(key)]));
  const calling = state.stage === "connecting" || state.stage === "ringing" || state.stage === "up";
  return (
    <Center component="main" mih="100vh" p="md">
      <form
        className="panel"
        style={{ width: 380, padding: 28 }}
        data-testid="test-call"
        onSubmit={(event) => {
          event.preventDefault();
          if (!calling) caller.dial(number.trim(), from.trim());
        }}
      >
        <Stack>
          <Group justify="space-between">
            <Title order={1} size="h3">
              {t("test.title")}
            </Title>
            <Group gap={4}>
              <LanguageButton />
              <SchemeButton />
            </Group>
          </Group>
          <Text size="sm" className="dim">
            {t("test.intro")}
          </Text>
          <Group grow>
            <TextInput
              label={t("test.number")}
              value={number}
              onChange={(e) => setNumber(e.currentTarget.value)}
              readOnly={calling}
              required
              withAsterisk={false}
              data-testid="test-number"
            />
            <TextInput
              label={t("test.from")}
              placeholder={t("call.anonymous")}
              value={from}
              onChange={(e) => setFrom(e.currentTarget.value)}
              readOnly={calling}
              data-testid="test-from"
            />
          </Group>
          {calling ? (
            <Button
              color="red"
              variant="light"
              leftSection={<IconPhoneOff size={18} />}
              onClick={() => caller.hangUp()}
              data-testid="test-hang-up"
            >
              {t("test.hangup")}
            </Button>
          ) : (
            <Button type="submit" leftSection={<IconPhone size={18} />} data-testid="test-dial">
              {t("test.dial")}
            </Button>
          )}
          <Group
            justify="space-between"
            role="status"
            data-testid="test-state"
            data-stage={state.stage}
            data-media={state.media}
          >
            <Text fw={600}>
              {t(`test.${state.stage}`)}
              {state.cause && state.stage === "failed" ? ` · ${state.cause}` : ""}
            </Text>
            {state.stage === "up" ? <Text className="num">{clock((now - state.since) / 1000)}</Text> : null}
          </Group>
          <SimpleGrid cols={3} spacing="xs" role="group" aria-label={t("test.keypad")}>
            {KEYS.map((key) => (
              <Button
                key={key}
                variant="default"
                size="md"
                onClick={() => caller.press(key)}
                disabled={state.stage !== "up"}
                data-testid={`key-${key === "*" ? "star" : key === "#" ? "pound" : key}`}
              >
                {key}
              </Button>
            ))}
          </SimpleGrid>
          <Text size="sm" className="dim num" mih={22} data-testid="test-digits">
            {state.digits ? `${t("test.pressed")} ${state.digits}` : ""}
          </Text>
        </Stack>
      </form>
    </Center>
  );
}
