/** Calls one could pick up: they ring at colleagues, or wait and may be taken. Who calls is not said. */

import { Button, Group, Text } from "@mantine/core";
import { IconPhoneIncoming } from "@tabler/icons-react";
import { useNow } from "../shared/hooks";
import { Key } from "../shared/Key";
import { clock } from "../shared/time";
import type { NearView } from "../shared/types";
import { useWords } from "../shared/words";
import { nearest } from "./nearest";
import type { DeskModel } from "./useDesk";

/** Most calls listed: one is picked up at a time. */
const MOST = 3;

export function Near({ desk }: { desk: DeskModel }) {
  const { t } = useWords();
  const calls = nearest(desk.floor.near);
  return (
    <div data-testid="near">
      <Text fw={600} size="sm" mb={6}>
        {t("near.title")} <span className="dim num">{calls.length > MOST ? calls.length : ""}</span>
      </Text>
      {calls.slice(0, MOST).map((call, n) => (
        <Row key={call.id} call={call} first={n === 0} desk={desk} />
      ))}
    </div>
  );
}

function Row({ call, first, desk }: { call: NearView; first: boolean; desk: DeskModel }) {
  const { t } = useWords();
  const now = useNow(desk.floor.skew);
  const where = call.rings_at.length
    ? t("near.rings", call.rings_at.slice(0, 3).join(t("list.comma")))
    : t("near.waits");
  return (
    <Group gap="md" wrap="nowrap" py={3} data-testid={`near-${call.id}`}>
      <div style={{ flex: 1, minWidth: 0 }}>
        <Text size="sm" fw={500} truncate>
          {call.queue_name}
          {call.tier_name ? ` · ${call.tier_name}` : ""}
        </Text>
        <Text size="xs" className="dim" truncate>
          {where}
        </Text>
      </div>
      <Text size="sm" className="num dim">
        {call.since === null ? "" : clock((now - call.since) / 1000)}
      </Text>
      <Button
        size="compact-md"
        variant="light"
        leftSection={<IconPhoneIncoming size={15} />}
        rightSection={first ? <Key name="G" /> : null}
        aria-keyshortcuts={first ? "G" : undefined}
        onClick={() => void desk.pickUp(call.id)}
        data-testid={`pick-up-${call.id}`}
      >
        {t("near.pick_up")}
      </Button>
    </Group>
  );
}
