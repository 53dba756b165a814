/** An amount with its currency; text that is no number stays as it came. */
export function money(amount: number | string | null, currency: string, locale: string): string {
  if (amount === null || amount === "") return "";
  const value = Number(amount);
  if (!Number.isFinite(value)) return `${amount} ${currency}`.trim();
  const digits = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  return `${digits.format(value)} ${currency}`.trim();
}
