/**
 * One telephone a person in this browser: the page that holds the seat has it, the others wait in line. A page
 * that is closed or reloaded gives the seat up by itself.
 */
export class Seat {
  private leave: (() => void) | null = null;
  private waiting: AbortController | null = null;

  /** `onHeld` is called when this page gets the seat, `onLost` when another page has or takes it. */
  constructor(
    private readonly name: string,
    private readonly onHeld: () => void,
    private readonly onLost: () => void,
  ) {}

  /** Take the seat when it is free, now or later. */
  wait(): void {
    // Without secure context there are no locks, and no microphone either.
    if (!navigator.locks) {
      this.onHeld();
      return;
    }
    this.waiting?.abort();
    const waiting = new AbortController();
    this.waiting = waiting;
    let held = false;
    const hold = () => {
      held = true;
      return this.hold();
    };
    navigator.locks.request(this.name, { signal: waiting.signal }, hold).catch(() => {
      if (held && !waiting.signal.aborted) this.lost();
    });
    void navigator.locks.query().then(() => {
      if (!held && !waiting.signal.aborted) this.onLost();
    });
  }

  /** Take the seat from whichever page has it. */
  steal(): void {
    // Held already, or no locks to hold: then the seat was lost to another machine only.
    if (!navigator.locks || this.leave) {
      this.onHeld();
      return;
    }
    this.waiting?.abort();
    this.waiting = null;
    navigator.locks.request(this.name, { steal: true }, () => this.hold()).catch(() => this.lost());
  }

  /** Give the seat up and stop waiting for it. */
  stop(): void {
    this.waiting?.abort();
    this.waiting = null;
    this.leave?.();
    this.leave = null;
  }

  private hold(): Promise<void> {
    this.onHeld();
    return new Promise((done) => {
      this.leave = done;
    });
  }

  private lost(): void {
    this.leave = null;
    this.onLost();
    this.wait();
  }
}
