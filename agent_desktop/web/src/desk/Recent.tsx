/** The agent's own last calls, for looking something up between two of them. */

import { Group, Text } from "@mantine/core";
import type { MouseEvent } from "react";
import { go } from "../shared/path";
import type { CallSummary } from "../shared/schema";
import { Nothing, Panel } from "../shared/states";
import { clockOr, moment } from "../shared/time";
import type { Choice } from "../shared/types";
import { useWords } from "../shared/words";
import { choiceName, wordOr } from "../shared/words/choice";

/** `calls`: newest first, null while they are being read. */
export function Recent({ calls, codes }: { calls: CallSummary[] | null; codes: Choice[] }) {
  const { t, language } = useWords();
  const follow = (path: string) => (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    go(path);
  };
  return (
    <Panel testid="recent" label={t("desk.recent")}>
      <Text fw={600} size="sm" mb={6}>
        {t("desk.recent")}
      </Text>
      {calls?.length === 0 ? (
        <Nothing title={t("desk.recent.none")} help={t("desk.recent.none.help")} testid="recent-none" />
      ) : null}
      {calls?.map((one) => {
        const at = `/history/${encodeURIComponent(one.id)}`;
        return (
          <a key={one.id} href={at} className="row" onClick={follow(at)}>
            <Group gap="md" wrap="nowrap">
              <Text size="sm" className="num dim" w={86} style={{ flex: "none" }}>
                {moment(one.started, language)}
              </Text>
              <Text size="sm" fw={500} truncate flex={1}>
                {one.customer_name || one.caller || t("call.anonymous")}
              </Text>
              <Text size="sm" className="dim" truncate w={150} style={{ flex: "none" }}>
                {one.code ? choiceName(codes, one.code, language) : wordOr(t, "outcome.", one.outcome)}
              </Text>
              <Text size="sm" className="num dim" w={54} ta="right" style={{ flex: "none" }}>
                {clockOr(one.talk_s)}
              </Text>
            </Group>
            {one.note ? (
              <Text size="sm" className="dim" truncate pl={102}>
                {one.note}
              </Text>
            ) : null}
          </a>
        );
      })}
    </Panel>
  );
}
