type Moment = "before" | "after";

/** A session's script as it is about to start its next program. */
export interface Script {
  readonly label: string;
  /** Programs until now, that one included. */
  readonly started: number;
  readonly killed: boolean;
  /** It is over, and so is all that it had started. */
  readonly ended: boolean;
  kill(): void;
}

/**
 * Stops the lab at a named moment, so that a rehearsal or a test can cut a client off exactly there. A label is
 * `POST /nodes/pve01/qemu` for a request and `ssh pve01 COMMAND` for a command; the moment is before it is done, or
 * after, when only its answer is missing. A script may also be killed on its way.
 */
export class Faults {
  private match: { text: string; moment: Moment } | undefined;
  private waiting: (() => void)[] = [];
  private deadly: { text: string; program: number } | undefined;
  private readonly watchers: ((script: Script, program: string) => void)[] = [];
  /** The label at which something waits now. */
  reached: string | undefined;

  /** Holds the next thing whose label contains `text`. */
  hold(text: string, moment: Moment): void {
    this.release();
    this.match = { text, moment };
  }

  /** Kills the next script whose label contains `text`, with all that it has started, before it starts its `program`th. */
  kill(text: string, program: number): void {
    this.deadly = { text, program };
  }

  /** Calls back before a script starts a program. */
  watch(listener: (script: Script, program: string) => void): void {
    this.watchers.push(listener);
  }

  starts(script: Script, program: string): void {
    for (const listener of this.watchers) listener(script, program);
    const { deadly } = this;
    if (deadly?.program !== script.started || !script.label.includes(deadly.text)) return;
    this.deadly = undefined;
    script.kill();
  }

  release(): void {
    this.match = undefined;
    this.deadly = undefined;
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
