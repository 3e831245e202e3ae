type Moment = "before" | "after";

/**
 * Stops the lab at a named moment, so that a rehearsal or a test can cut a client off exactly there. A label is
 * `POST /nodes/pve01/qemu` for a request and `ssh pve01 COMMAND` for a command; the moment is before it is done, or
 * after, when only its answer is missing.
 */
export class Faults {
  private match: { text: string; moment: Moment } | undefined;
  private waiting: (() => void)[] = [];
  /** The label at which something waits now. */
  reached: string | undefined;

  /** Holds the next thing whose label contains `text`. */
  hold(text: string, moment: Moment): void {
    this.release();
    this.match = { text, moment };
  }

  release(): void {
    this.match = undefined;
    this.reached = undefined;
    for (const go of this.waiting.splice(0)) go();
  }

  async pass(label: string, moment: Moment): Promise<void> {
    if (this.match?.moment !== moment || !label.includes(this.match.text)) return;
    this.match = undefined;
    this.reached = label;
    await new Promise<void>((resolve) => this.waiting.push(resolve));
  }
}
