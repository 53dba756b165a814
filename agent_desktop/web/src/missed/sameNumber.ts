/** Whether two ways to write a number mean the same telephone: the digits of one end those of the other. */
export function sameNumber(a: string, b: string): boolean {
  const [one, other] = [a, b].map((text) => text.replace(/\D/g, "").replace(/^0+/, ""));
  if (!one || !other) return false;
  const shorter = one.length < other.length ? one : other;
  const longer = shorter === one ? other : one;
  return one === other || (shorter.length >= 7 && longer.endsWith(shorter));
}
