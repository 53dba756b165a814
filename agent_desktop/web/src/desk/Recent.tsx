/** The agent's own last calls, for looking something up between two of them. */

import { Group, Stack, Text } from "@mantine/core";
import { useCallback } from "react";
import { api } from "../shared/api";
import { useLoad } from "../shared/hooks";
import { go } from "../shared/path";
import type { CallSummary } from "../shared/schema";
import { Failed, Panel } from "../shared/states";
import { clockOr, moment } from "../shared/time";
import type { Choice } from "../shared/types";
import { useWords } from "../shared/words";
import { choiceName, wordOr } from "../shared/words/choice";

const MOST = 12;

/** Loaded whenever the desk becomes idle. */
export function Recent({ codes }: { codes: Choice[] }) {
  const { t, language } = useWords();
  const load = useCallback(() => api.get<CallSummary[]>(`/api/history/calls?limit=${MOST}`), []);
  const { data, error, reload } = useLoad(load);
  if (error) return <Failed error={error} retry={reload} />;
  if (!data?.length) return null;
  return (
    <Panel testid="recent" label={t("desk.recent")}>
      <Text fw={600} size="sm" mb={6}>
        {t("desk.recent")}
      </Text>
      <Stack gap={0}>
        {data.map((one) => (
          <a
            key={one.id}
            href={`/history/${encodeURIComponent(one.id)}`}
            className="row"
            onClick={(event) => {
              if (event.metaKey || event.ctrlKey || event.shiftKey) return;
              event.preventDefault();
              go(`/history/${encodeURIComponent(one.id)}`);
            }}
          >
            <Group gap="md" wrap="nowrap">
              <Text size="sm" className="num dim" w={92} style={{ flex: "none" }}>
                {moment(one.started, language)}
              </Text>
              <Text size="sm" fw={500} w={170} truncate style={{ flex: "none" }}>
                {one.customer_name || one.caller || t("call.anonymous")}
              </Text>
              <Text size="sm" className="dim" w={110} truncate style={{ flex: "none" }}>
                {one.code ? choiceName(codes, one.code, language) : wordOr(t, "outcome.", one.outcome)}
              </Text>
              <Text size="sm" className="num dim" w={54} ta="right" style={{ flex: "none" }}>
                {clockOr(one.talk_s)}
              </Text>
              <Text size="sm" truncate>
                {one.note}
              </Text>
            </Group>
          </a>
        ))}
      </Stack>
    </Panel>
  );
}
