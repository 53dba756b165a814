/** The text of a flow with the numbers of its lines, as problems name them; as high as the window leaves room. */

import { Textarea } from "@mantine/core";
import { type RefObject, useState } from "react";
import { useWords } from "../shared/words";
import "./flows.css";

interface Props {
  area: RefObject<HTMLTextAreaElement | null>;
  text: string;
  onText: (text: string) => void;
}

export function Lines({ area, text, onText }: Props) {
  const { t } = useWords();
  const [scrolled, setScrolled] = useState(0);
  const count = text.split("\n").length;
  return (
    <div className="flow-lines">
      <div className="flow-numbers" aria-hidden>
        <pre style={{ transform: `translateY(${-scrolled}px)` }}>
          {Array.from({ length: count }, (_, n) => n + 1).join("\n")}
        </pre>
      </div>
      <Textarea
        ref={area}
        aria-label={t("flows.text")}
        value={text}
        onChange={(event) => onText(event.currentTarget.value)}
        onScroll={(event) => setScrolled(event.currentTarget.scrollTop)}
        spellCheck={false}
        classNames={{ input: "flow-text" }}
        data-testid="flow-text"
      />
    </div>
  );
}
