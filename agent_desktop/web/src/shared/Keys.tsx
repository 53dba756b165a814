/** The list behind `?`, and whether single keys act at all (some people speak to their computer, or have cats). */

import { Kbd, Modal, Stack, Switch, Table, Text } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { useWords, type Word } from "./words";

const KEYS: [string, Word][] = [
  ["A", "keys.answer"],
  ["D", "keys.decline"],
  ["M", "keys.mute"],
  ["H", "keys.hold"],
  ["E", "keys.hangup"],
  ["T", "keys.transfer"],
  ["D", "keys.dial"],
  ["G", "keys.pick_up"],
  ["R", "keys.ready"],
  ["P", "keys.pause"],
  ["N", "keys.note"],
  ["Ctrl + Enter", "keys.done"],
  ["← →  PgUp PgDn  Home End", "keys.plot"],
  ["+  −  0", "keys.plot.zoom"],
  ["A  U  R", "keys.finding"],
  ["J  K  A  R", "keys.requests"],
  ["T  W  M  [  ]  N", "keys.roster"],
  ["?", "keys.help"],
];

export function useSingleKeys() {
  return useLocalStorage({ key: "callfloor.keys", defaultValue: true, getInitialValueInEffect: false });
}

export function Keys({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useWords();
  const [single, setSingle] = useSingleKeys();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("keys.title")}
      data-testid="keys"
      closeButtonProps={{ "aria-label": t("history.close") }}
    >
      <Stack>
        <Table withRowBorders={false} verticalSpacing={4}>
          <Table.Tbody>
            {KEYS.map(([key, word]) => (
              <Table.Tr key={word}>
                <Table.Td w={150}>
                  <Kbd>{key}</Kbd>
                </Table.Td>
                <Table.Td>{t(word)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
        <Switch
          checked={single}
          onChange={(e) => setSingle(e.currentTarget.checked)}
          label={t("keys.single")}
        />
        <Text size="sm" className="dim">
          {t("keys.single.help")}
        </Text>
      </Stack>
    </Modal>
  );
}
