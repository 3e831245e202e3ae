import type { LabState } from "../../../lab/state/types";
import { Bootstrap, type Done, Lab } from "./bootstrap";

interface Moment {
  state: LabState;
  now: number;
  done: Done;
}

/** One bootstrap step by step, with the site as it is before each: whoever wants to begin there gets a copy. */
export class Moments {
  private readonly before = new Map<string, Moment>();

  /** Names of all steps. */
  get names(): string[] {
    return [...this.before.keys()];
  }

  async record(state: LabState, now: number): Promise<void> {
    const lab = new Lab(structuredClone(state), now);
    const bootstrap = new Bootstrap(lab);
    for (const step of bootstrap.steps) {
      const { done } = bootstrap;
      this.before.set(step.name, {
        state: structuredClone(lab.state),
        now: lab.clock.now(),
        done: new Map(done),
      });
      const { failures } = await bootstrap.run([step]);
      if (failures.length > 0) throw new Error(failures.map(({ message }) => message).join("\n"));
    }
    lab.end();
  }

  at(name: string): Bootstrap {
    const moment = this.before.get(name);
    if (!moment) throw new Error(`no moment before ${name}`);
    const { state, now, done } = moment;
    return new Bootstrap(new Lab(structuredClone(state), now), {}, new Map(done));
  }
}
