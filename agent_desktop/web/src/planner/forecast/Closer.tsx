import { Badge } from "@mantine/core";
import type { OverrideShown } from "../../shared/schema";
import { useWords } from "../../shared/words";

/** Who was closer to what came: known once it has. */
export function Closer({ closer }: { closer: OverrideShown["closer"] }) {
  const { t } = useWords();
  if (!closer) return <span className="dim">{t("plan.closer.open")}</span>;
  const color = { human: "violet", machine: "teal", equal: "gray" }[closer];
  return (
    <Badge variant="light" color={color} tt="none" data-testid={`closer-${closer}`}>
      {t(`plan.closer.${closer}`)}
    </Badge>
  );
}
