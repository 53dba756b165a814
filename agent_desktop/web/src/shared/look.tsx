/** Buttons for how the page looks and what it speaks. */

import { ActionIcon, Button, useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { IconMoon, IconSun } from "@tabler/icons-react";
import { useWords } from "./words";

export function LanguageButton() {
  const { t, language, choose } = useWords();
  return (
    <Button
      size="compact-sm"
      variant="subtle"
      color="gray"
      lang={language === "en" ? "zh-CN" : "en"}
      onClick={() => choose(language === "en" ? "zh-CN" : "en")}
      data-testid="language"
    >
      {t("nav.language")}
    </Button>
  );
}

export function SchemeButton() {
  const { t } = useWords();
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme("light");
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      aria-label={t("nav.scheme")}
      title={t("nav.scheme")}
      onClick={() => setColorScheme(scheme === "dark" ? "light" : "dark")}
      data-testid="color-scheme"
    >
      {scheme === "dark" ? <IconSun size={18} /> : <IconMoon size={18} />}
    </ActionIcon>
  );
}
