/** Call somebody: the own telephone picks up by itself, then the number is dialled. */

import { Button, Group, Select, Text, TextInput } from "@mantine/core";
import { IconPhoneOutgoing } from "@tabler/icons-react";
import { type FormEvent, useCallback, useState } from "react";
import { api } from "../shared/api";
import { isNumber } from "../shared/choose";
import { useLoad } from "../shared/hooks";
import { Key } from "../shared/Key";
import type { Targets } from "../shared/schema";
import { Panel } from "../shared/states";
import { useWords } from "../shared/words";
import type { DeskModel } from "./useDesk";

export const DIAL_FIELD = "dial-number";
/** Where what was typed stands until it is dialled: a reload loses nothing. */
const KEPT = "callfloor.dial";
/** The work outgoing calls count for, as chosen last on this machine. */
const QUEUE = "callfloor.dial.queue";

export function Dial({ desk }: { desk: DeskModel }) {
  const { t } = useWords();
  const [number, setNumber] = useState(() => sessionStorage.getItem(KEPT) ?? "");
  const [chosen, setChosen] = useState(() => localStorage.getItem(QUEUE));
  const { data } = useLoad(useCallback(() => api.get<Targets>("/api/desk/targets"), []));
  const own = data?.queues.filter((one) => data.mine.includes(one.id)) ?? [];
  // Its rules say how long the agent may write about the call.
  const queue = own.find((one) => one.id === chosen)?.id ?? own[0]?.id ?? null;
  const [busy, setBusy] = useState(false);
  const change = (text: string) => {
    setNumber(text);
    sessionStorage.setItem(KEPT, text);
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    if (await desk.dial(number.trim(), queue)) change("");
    setBusy(false);
  };
  return (
    <Panel testid="dial" label={t("dial.title")}>
      <form onSubmit={(event) => void submit(event)}>
        <Text fw={600} size="sm" mb="xs">
          {t("dial.title")}
        </Text>
        <Group gap="xs" align="flex-start" wrap="nowrap">
          <TextInput
            id={DIAL_FIELD}
            flex={1}
            type="tel"
            aria-label={t("dial.number")}
            placeholder={t("dial.number")}
            aria-keyshortcuts="D"
            autoComplete="off"
            value={number}
            onChange={(event) => change(event.currentTarget.value)}
            data-testid="dial-number"
          />
          {own.length > 1 ? (
            <Select
              w={160}
              aria-label={t("dial.queue")}
              data={own.map((one) => ({ value: one.id, label: one.name }))}
              value={queue}
              onChange={(next) => {
                setChosen(next);
                if (next) localStorage.setItem(QUEUE, next);
              }}
              allowDeselect={false}
              data-testid="dial-queue"
            />
          ) : null}
          <Button
            type="submit"
            variant="default"
            disabled={!desk.free || !isNumber(number)}
            loading={busy}
            leftSection={<IconPhoneOutgoing size={16} />}
            rightSection={<Key name="D" />}
            data-testid="dial-go"
          >
            {t("dial.go")}
          </Button>
        </Group>
        {desk.working ? null : (
          <Text size="sm" className="dim" mt={6}>
            {t("dial.work")}
          </Text>
        )}
      </form>
    </Panel>
  );
}
