import { IconHeadset } from "@tabler/icons-react";
import { Nothing } from "../shared/states";
import type { AgentState } from "../shared/types";
import { useWords } from "../shared/words";

/** What the desk says while there is no call. */
export function Idle({ state }: { state: AgentState }) {
  const { t } = useWords();
  const help =
    state === "available"
      ? t("desk.idle.available")
      : state === "paused"
        ? t("desk.idle.paused")
        : state === "missed"
          ? t("desk.idle.missed")
          : state === "signed_out"
            ? t("desk.idle.signed_out")
            : "";
  return (
    <Nothing
      icon={<IconHeadset size={34} stroke={1.4} />}
      title={t("desk.idle.title")}
      help={help}
      testid="idle-text"
    />
  );
}
