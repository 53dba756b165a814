/** A recipe between the row's list of steps and the text people edit. */

export interface Step {
  when: string[];
  do: string[];
  repeat: boolean;
  every: number;
}

const EVERY = 15;

/** The recipe as text, a block a step, the same as in files; what is being typed stays as it is. */
export function recipeText(value: unknown): string {
  if (typeof value === "string") return value;
  return (Array.isArray(value) ? (value as Step[]) : []).map(stepText).join("\n").trimEnd();
}

function stepText(step: Step): string {
  const lines: string[] = [];
  if (step.when.length) lines.push(`when: ${quoted(step.when.join(" and "))}`);
  if (step.do.length === 1) lines.push(`do: ${quoted(step.do[0] ?? "")}`);
  else lines.push("do:", ...step.do.map((one) => `  - ${quoted(one)}`));
  if (step.repeat) lines.push("repeat: true");
  if (step.every !== EVERY) lines.push(`every: ${step.every}`);
  return `${lines.map((line, n) => `${n ? "  " : "- "}${line}`).join("\n")}\n`;
}

/** Quotes around what YAML would take for something else. */
function quoted(text: string): string {
  const plain = /^[\p{L}][^\p{C}\u2028\u2029]*$/u.test(text) && !/:(\s|$)|\s#/.test(text);
  return plain ? text : JSON.stringify(text).replace(/[\u0085\u2028\u2029]/g, escaped);
}

function escaped(letter: string): string {
  return `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

const NAMED: [RegExp, string][] = [
  [/^(?:relax (\S+) to \S+|drop (\S+))$/, "skills"],
  [/^widen to group (\S+)$/, "groups"],
  [/^to queue (\S+)$/, "queues"],
  [/^tier (?:not )?in (\S+)$/, "tiers"],
];

/** Ids of `kind` that a kept recipe names. */
export function recipeIds(value: unknown, kind: string): string[] {
  const texts = (Array.isArray(value) ? (value as Step[]) : []).flatMap((step) => [...step.when, ...step.do]);
  return texts.flatMap((text) =>
    NAMED.filter(([, of]) => of === kind).flatMap(([pattern]) => {
      const found = pattern.exec(text);
      return (found?.[1] ?? found?.[2] ?? "").split(",").filter(Boolean);
    }),
  );
}
