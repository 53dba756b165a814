/** Pick one of many by typing a part of its name: arrows move, Enter takes. */

import { Group, ScrollArea, Stack, Text, TextInput } from "@mantine/core";
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { chosen, type Option } from "./choose";
import { useWords } from "./words";

interface Props {
  label: string;
  placeholder?: string;
  options: readonly Option[];
  /** An option made of the words themselves, such as a number to dial; it comes first. */
  own?: (text: string) => Option | null;
  onPick: (option: Option) => void;
  /** Nothing can be picked now; what was typed stays. */
  busy?: boolean;
  /** Stands under the list, such as what went wrong. */
  children?: ReactNode;
}

export function Chooser({ label, placeholder, options, own, onPick, busy = false, children }: Props) {
  const { t } = useWords();
  const id = useId();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const mine = own?.(text) ?? null;
  const shown = [...(mine ? [mine] : []), ...chosen(options, text)];
  const here = Math.min(at, shown.length - 1);

  // The list may have come after the dialog that holds it had given its focus away.
  useEffect(() => field.current?.focus(), []);

  useEffect(() => {
    list.current?.querySelector(`[data-at="${here}"]`)?.scrollIntoView({ block: "nearest" });
  }, [here]);

  const key = (event: KeyboardEvent) => {
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };
    const step = steps[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setAt(Math.max(0, Math.min(shown.length - 1, here + step)));
    } else if (event.key === "Enter") {
      event.preventDefault();
      const one = shown[here];
      if (one && !one.disabled && !busy) onPick(one);
    }
  };

  return (
    <Stack gap="xs">
      <TextInput
        ref={field}
        label={label}
        placeholder={placeholder}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={key}
        role="combobox"
        aria-expanded
        aria-controls={`${id}-list`}
        aria-activedescendant={shown[here] ? `${id}-${here}` : undefined}
        aria-autocomplete="list"
        autoComplete="off"
        data-autofocus
        data-testid="choose-text"
      />
      <ScrollArea.Autosize mah={340} type="auto" ref={list}>
        <div role="listbox" id={`${id}-list`} aria-label={label} className="options">
          {shown.map((one, n) => (
            <div key={`${one.kind} ${one.id}`}>
              {one.group && one.group !== shown[n - 1]?.group ? (
                <Text size="xs" className="dim" px={8} pt={n ? 8 : 2} pb={2} aria-hidden>
                  {one.group}
                </Text>
              ) : null}
              {/* biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys */}
              {/* biome-ignore lint/a11y/useFocusableInteractive: the field above has the focus */}
              <div
                role="option"
                id={`${id}-${n}`}
                data-at={n}
                aria-selected={n === here}
                aria-disabled={one.disabled || busy}
                className="option"
                onMouseMove={() => setAt(n)}
                onClick={() => {
                  if (!one.disabled && !busy) onPick(one);
                }}
                data-testid={`choose-${one.kind}-${one.id}`}
              >
                <Group justify="space-between" gap="md" wrap="nowrap">
                  <Group gap={8} wrap="nowrap" miw={0}>
                    {one.mark}
                    <span className="name">{one.name}</span>
                  </Group>
                  {one.hint ? <span className="dim num">{one.hint}</span> : null}
                </Group>
              </div>
            </div>
          ))}
        </div>
        {shown.length === 0 ? (
          <Text size="sm" className="dim" p={8}>
            {t("choose.nothing")}
          </Text>
        ) : null}
      </ScrollArea.Autosize>
      {children}
    </Stack>
  );
}
