/** Give a waiting call to somebody, out of turn. */

import { Modal } from "@mantine/core";
import { api } from "../shared/api";
import { Chooser } from "../shared/Chooser";
import { Dot } from "../shared/Dot";
import type { Floor } from "../shared/floor";
import { useCommand } from "../shared/hooks";
import { STATE_COLOR } from "../shared/stateColor";
import { Failed, Nothing } from "../shared/states";
import type { CallView } from "../shared/types";
import { useWords } from "../shared/words";
import { inOrder } from "./inOrder";

interface Props {
  call: CallView;
  floor: Floor;
  onClose: () => void;
}

export function Assign({ call, floor, onClose }: Props) {
  const { t } = useWords();
  const { run, error, busy } = useCommand();
  const free = (state: string) =>
    state === "available" ? 0 : state === "paused" || state === "missed" ? 1 : 2;
  const agents = inOrder(floor, false).sort((a, b) => free(a.state) - free(b.state));
  const give = async (agent: string) => {
    const at = `/api/floor/calls/${encodeURIComponent(call.id)}/assign`;
    if (await run(() => api.post(at, { agent }))) onClose();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("assign.title", call.customer_name || call.caller || t("call.anonymous"))}
      closeButtonProps={{ "aria-label": t("history.close") }}
      data-testid="assign"
    >
      {agents.length ? (
        <Chooser
          label={t("assign.to")}
          options={agents.map((a) => ({
            kind: "agent",
            id: a.id,
            name: a.name,
            hint: t(`state.${a.state}`),
            mark: <Dot color={STATE_COLOR[a.state]} />,
            disabled: free(a.state) > 1,
          }))}
          onPick={(one) => void give(one.id)}
          busy={busy}
        >
          {error ? <Failed error={error} /> : null}
        </Chooser>
      ) : (
        <Nothing title={t("board.noagents")} />
      )}
    </Modal>
  );
}
