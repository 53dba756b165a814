/** Each thing to do is under way at most once: a second click or key while it is, does nothing. */
export class Once {
  private under = new Set<string>();

  /** Run `work` unless `key` is under way; says whether it ran. Errors of `work` are passed on. */
  async run(key: string, work: () => Promise<unknown>): Promise<boolean> {
    if (this.under.has(key)) return false;
    this.under.add(key);
    try {
      await work();
      return true;
    } finally {
      this.under.delete(key);
    }
  }
}
