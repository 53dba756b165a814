import { Alert, Button, Center, Group, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { Problem } from "../shared/api";
import { LanguageButton, SchemeButton } from "../shared/look";
import { sentence } from "../shared/states";
import { useWords } from "../shared/words";
import { useSession } from "./session";

export function SignIn() {
  const { t } = useWords();
  const { signIn } = useSession();
  const [user, setUser] = useState("");
  const [password, setPassword] = useState("");
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await signIn(user.trim(), password);
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };

  const words = (problem: unknown) => {
    if (problem instanceof Problem && problem.status === 401) return t("signin.wrong");
    if (problem instanceof Problem && problem.status === 429)
      return t("signin.slow", problem.retryAfter_s ?? 5);
    return sentence(problem, t);
  };

  return (
    <Center component="main" mih="100vh" p="md">
      <form onSubmit={submit} className="panel" style={{ width: 380, padding: 32 }} data-testid="sign-in">
        <Stack gap="md">
          <Group justify="space-between" align="flex-start">
            <div>
              <Title order={1} size="h2">
                {t("app.name")}
              </Title>
              <Text size="sm" className="dim">
                {t("signin.intro")}
              </Text>
            </div>
            <Group gap={4}>
              <LanguageButton />
              <SchemeButton />
            </Group>
          </Group>
          <TextInput
            label={t("signin.user")}
            name="user"
            autoComplete="username"
            autoFocus
            required
            withAsterisk={false}
            value={user}
            onChange={(e) => setUser(e.currentTarget.value)}
            data-testid="sign-in-user"
          />
          <PasswordInput
            label={t("signin.password")}
            name="password"
            autoComplete="current-password"
            required
            withAsterisk={false}
            value={password}
            onChange={(e) => setPassword(e.currentTarget.value)}
            data-testid="sign-in-password"
          />
          {error ? (
            <Alert color="red" variant="light" role="alert" data-testid="sign-in-error" py="xs">
              {words(error)}
            </Alert>
          ) : null}
          <Button type="submit" loading={busy} data-testid="sign-in-submit">
            {t("signin.go")}
          </Button>
        </Stack>
      </form>
    </Center>
  );
}
