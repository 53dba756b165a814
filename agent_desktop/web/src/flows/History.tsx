/** Who did what with a flow, the latest first. */

import { Stack, Text } from "@mantine/core";
import type { Deed } from "../shared/schema";
import { Panel } from "../shared/states";
import { moment } from "../shared/time";
import { useWords } from "../shared/words";

export function History({ deeds }: { deeds: Deed[] }) {
  const { t, language } = useWords();
  return (
    <Panel testid="flow-history" label={t("flows.history")}>
      <Text fw={600} mb={6}>
        {t("flows.history")}
      </Text>
      <Stack gap={4}>
        {deeds.map((deed) => (
          <Text size="sm" key={`${deed.at} ${deed.what} ${deed.version}`}>
            <span className="dim num">{moment(deed.at / 1000, language, true)}</span> {deed.by}{" "}
            {t(`flows.did.${deed.what}`, deed.version ?? "–")}
            {deed.note ? <span className="dim"> {deed.note}</span> : null}
          </Text>
        ))}
      </Stack>
    </Panel>
  );
}
