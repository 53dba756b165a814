/** Names in the order people expect: by the page's language, `Team 2` before `Team 10`. */

const collator = new Intl.Collator(undefined, { numeric: true });

export function byName(a: { id: string; name: string }, b: { id: string; name: string }): number {
  return collator.compare(a.name, b.name) || (a.id < b.id ? -1 : 1);
}
