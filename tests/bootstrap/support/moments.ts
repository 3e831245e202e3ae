import type { LabState } from "../../../lab/state/types";
import { Bootstrap, type Done, Lab } from "./bootstrap";
import { written } from "./described";
import { isOf, type Start } from "./fault";
import { hosts } from "./hosts";
import { START } from "../../lab/support/lab";
import type { Layout } from "../../../lab/reference";
import type { Step } from "../../../components/cluster/steps";

/** Milliseconds after which everything is done or remembered that a step has set going. */
export const SETTLED = 10_000;
/** Programs of the line that a host is told to run, before the script itself is. */
const HEAD = 3;

interface Moment {
  step: Step;
  state: LabState;
  now: number;
  done: Done;
  /** Programs that the step starts. */
  programs: number;
  /** What is written on the hosts when it is done. */
  after: string;
}

export interface Recorded {
  start: Start;
  moments: Moments;
}

/** A bootstrap from either start. */
export function recordStarts(): Promise<Recorded[]> {
  const layouts: [Start, Partial<Layout>][] = [
    ["bare", { bare: ["pve01", "pve02"] }],
    ["installed", {}],
  ];
  const all = layouts.map(async ([start, layout]) => {
    const moments = new Moments();
    await moments.record(await hosts(layout), START);
    return { start, moments };
  });
  return Promise.all(all);
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
    let moment: Moment | undefined;
    for (const step of bootstrap.steps) {
      const { done } = bootstrap;
      const before: Moment = {
        step,
        state: structuredClone(lab.state),
        now: lab.clock.now(),
        done: new Map(done),
        programs: 0,
        after: "",
      };
      moment = before;
      this.before.set(step.name, before);
      lab.site.faults.watch((script) => {
        if (moment === before && isOf(script, step)) before.programs = script.started;
      });
      const { failures } = await bootstrap.run([step]);
      if (failures.length > 0) throw new Error(failures.map(({ message }) => message).join("\n"));
      await lab.clock.advance(SETTLED);
      before.after = written(lab);
    }
    lab.end();
  }

  /** A step, and one of the programs that its script starts. */
  place(name: string, random: () => number): { step: Step; program: number } {
    const { step, programs } = this.of(name);
    const own = Math.max(0, programs - HEAD);
    return { step, program: Math.min(programs, HEAD + 1 + Math.floor(random() * own)) };
  }

  /** A step, each as often as its script starts programs. */
  anyStep(random: () => number): string {
    const names = [...this.before].flatMap(([name, { programs }]) =>
      Array<string>(programs).fill(name),
    );
    return names[Math.floor(random() * names.length)] ?? "";
  }

  at(name: string): Bootstrap {
    const { state, now, done } = this.of(name);
    return new Bootstrap(new Lab(structuredClone(state), now), {}, new Map(done));
  }

  /** Whether the hosts are as they were when this step was done here, so that what follows goes as it went. */
  isAsAfter(name: string, { lab }: Bootstrap): boolean {
    const isOn = Object.values(lab.state.hosts).every(({ power }) => power);
    return isOn && written(lab) === this.of(name).after;
  }

  private of(name: string): Moment {
    const moment = this.before.get(name);
    if (!moment) throw new Error(`no moment before ${name}`);
    return moment;
  }
}
