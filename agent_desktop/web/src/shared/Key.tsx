import { useSingleKeys } from "./Keys";

/** The key of a button, shown on it while single keys act. Not read out: `aria-keyshortcuts` says it. */
export function Key({ name }: { name: string }) {
  const [single] = useSingleKeys();
  return single ? (
    <span className="key" aria-hidden>
      {name}
    </span>
  ) : null;
}
