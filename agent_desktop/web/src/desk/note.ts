/** Sends a growing note: one request at a time, only the newest text after it, and nothing twice. */

import type { Draft } from "./draft";

/** Quiet time after the last key before the note goes to the server, in milliseconds. */
export const QUIET_MS = 800;

/** Where the newest text is: nowhere but here yet, on its way, on the server, or refused by the way there. */
export type Kept = "" | "saving" | "saved" | "local";

export class NoteSender {
  private unsent: Draft | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private under: Promise<void> | null = null;

  /** `post` sends a draft and rejects when it did not arrive; `report` hears where the newest text is. */
  constructor(
    private readonly post: (draft: Draft) => Promise<unknown>,
    private readonly report: (kept: Kept) => void,
  ) {}

  /** The text is now `draft`; it goes out when the typing pauses. */
  change(draft: Draft): void {
    this.unsent = draft;
    this.report("");
    if (this.timer) clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), QUIET_MS);
  }

  /** Send what is unsent now; settles when nothing is under way any more. */
  async flush(): Promise<void> {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    while (this.under) await this.under;
    const draft = this.unsent;
    if (!draft) return;
    this.unsent = null;
    this.report("saving");
    this.under = this.post(draft).then(
      () => {
        if (!this.unsent) this.report("saved");
      },
      () => {
        this.unsent ??= draft;
        this.report("local");
      },
    );
    await this.under;
    this.under = null;
  }

  /** Forget what is unsent and wait for what is under way: the last word is said by somebody else. */
  async settle(): Promise<void> {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    this.unsent = null;
    while (this.under) await this.under;
  }
}
