/** Choose the definition of service level; the formula stands there written out. */

import { Menu, Text } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { LEVELS, useLevel } from "./level";
import { useWords } from "./words";

export function LevelPicker() {
  const { t } = useWords();
  const [level, setLevel] = useLevel();
  return (
    <Menu position="bottom-end" width={430}>
      <Menu.Target>
        <button type="button" className="link formula" data-testid="level">
          {t("board.service")} = <span data-testid="level-formula">{t(`level.${level}.formula`)}</span>
          <IconChevronDown size={14} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t("level.title")}</Menu.Label>
        {LEVELS.map((one) => (
          <Menu.Item
            key={one}
            onClick={() => setLevel(one)}
            aria-current={one === level}
            data-testid={`level-${one}`}
          >
            <Text size="sm" fw={one === level ? 700 : 500}>
              {t(`level.${one}.formula`)}
            </Text>
            <Text size="xs" className="dim">
              {t(`level.${one}`)}
            </Text>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
