/** Hand the caller on: to a queue, a colleague, or an outside number. */

import { Modal, Text } from "@mantine/core";
import { useCallback, useState } from "react";
import { api } from "../shared/api";
import { Chooser } from "../shared/Chooser";
import { isNumber, type Option } from "../shared/choose";
import { Dot } from "../shared/Dot";
import { useFresh } from "../shared/hooks";
import type { Targets } from "../shared/schema";
import { STATE_COLOR } from "../shared/stateColor";
import { Failed, Loading } from "../shared/states";
import { clock } from "../shared/time";
import type { AgentState } from "../shared/types";
import { useWords, type Words } from "../shared/words";
import type { DeskModel } from "./useDesk";

/** How often the list is read again while it is open, in milliseconds. */
const FRESH_MS = 5000;
type Way = "queue" | "agent" | "number";

interface Props {
  desk: DeskModel;
  opened: boolean;
  onClose: () => void;
}

export function Transfer({ desk, opened, onClose }: Props) {
  const { t } = useWords();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("transfer.title")}
      closeButtonProps={{ "aria-label": t("history.close") }}
      data-testid="transfer"
    >
      <Choose desk={desk} onDone={onClose} />
    </Modal>
  );
}

function Choose({ desk, onDone }: { desk: DeskModel; onDone: () => void }) {
  const { t } = useWords();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const load = useCallback(() => api.get<Targets>("/api/desk/targets"), []);
  const { data, error, reload } = useFresh(load, FRESH_MS);
  if (error) return <Failed error={error} retry={reload} />;
  if (!data) return <Loading />;
  const pick = async (one: Option) => {
    setBusy(true);
    setProblem(null);
    try {
      await desk.transfer(one.kind as Way, one.id);
      onDone();
    } catch (refused) {
      setProblem(refused);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Chooser
      label={t("transfer.to")}
      placeholder={t("transfer.type")}
      options={targetsOf(data, t)}
      own={(text) =>
        isNumber(text)
          ? { kind: "number", id: text.trim(), name: t("transfer.number", text.trim()), hint: "" }
          : null
      }
      onPick={(one) => void pick(one)}
      busy={busy}
    >
      {problem ? <Failed error={problem} /> : null}
      <Text size="sm" className="dim">
        {t("transfer.help")}
      </Text>
    </Chooser>
  );
}

/** Queues with what a caller would meet there, then colleagues, those who are ready first. */
function targetsOf(data: Targets, t: Words["t"]): Option[] {
  const queues = data.queues.map((q) => ({
    kind: "queue",
    id: q.id,
    name: q.name,
    group: t("board.queues"),
    disabled: q.closed,
    hint: q.closed
      ? t("board.closed")
      : [
          t("transfer.ready", q.available),
          q.waiting ? t("transfer.waiting", q.waiting) : "",
          q.waiting && q.estimate_s !== null ? t("transfer.estimate", clock(q.estimate_s)) : "",
        ]
          .filter(Boolean)
          .join(" · "),
  }));
  const rank = (state: string) => (state === "available" ? 0 : 1);
  const agents = [...data.agents]
    .sort((a, b) => rank(a.state) - rank(b.state) || a.name.localeCompare(b.name))
    .map((a) => ({
      kind: "agent",
      id: a.id,
      name: a.name,
      group: t("board.agents"),
      mark: <Dot color={STATE_COLOR[a.state as AgentState] ?? "gray.5"} />,
      hint: t(`state.${a.state as AgentState}`),
    }));
  return [...queues, ...agents];
}
