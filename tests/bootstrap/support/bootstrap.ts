import { planCluster } from "../../../components/cluster/plan";
import { planSteps, type Step, type StepsPlan } from "../../../components/cluster/steps";
import { planStorages } from "../../../components/storage/plan";
import type { LabState } from "../../../lab/state/types";
import { type Changes, site } from "../../components/support/site";
import { Machines } from "../../lab/cluster/support/machines";
import { drive } from "./drive";
import { Operator } from "./operator";
import { Watch } from "./watch";

/** Seconds of the lab that a bootstrap may take. */
const LIMIT = 3 * 3600;

/** A lab in memory with the daemons of its nodes, as the operator's PC finds it. */
export class Lab extends Machines {
  private readonly cuts: ((host: string) => void)[] = [];

  constructor(state: LabState, now: number) {
    super(state, now);
    this.site.start();
    this.site.hardware.onChange((host) => {
      if (!this.site.hardware.isOn(host) || !this.site.hardware.isPlugged(host)) this.cut(host);
    });
  }

  /** Calls back when whoever is connected to a host is cut off. */
  onCut(listener: (host: string) => void): void {
    this.cuts.push(listener);
  }

  /** The operator's connections to a host end; what runs there goes on. */
  cut(host: string): void {
    for (const listener of this.cuts) listener(host);
  }

  end(): void {
    this.site.stop();
  }
}

export interface Failure {
  step: Step;
  message: string;
}

/** What a run of the bootstrap has come to. */
export interface Outcome {
  failures: Failure[];
  /** Seconds of the lab. */
  seconds: number;
}

/** Steps that are done, with what they have printed, as a stack's state remembers them. */
export type Done = Map<string, string>;

/** The bootstrap of one site, without Pulumi: each step as soon as those before it are done, at the same time as others. */
export class Bootstrap {
  readonly plan: StepsPlan;
  readonly steps: Step[];
  readonly watch: Watch;
  private readonly operator: Operator;

  constructor(
    readonly lab: Lab,
    changes: Changes = {},
    readonly done: Done = new Map(),
  ) {
    const described = site(changes);
    this.plan = {
      cluster: planCluster(described),
      storages: planStorages(described, "2026-11-23"),
    };
    this.operator = new Operator(lab);
    this.steps = planSteps(this.plan, (host) => this.operator.pinned.get(host) ?? "");
    this.watch = new Watch(lab, this.plan.cluster);
  }

  /** Runs what is not done of these steps, until all is or nothing more can be. */
  async run(wanted = this.steps): Promise<Outcome> {
    const { lab } = this;
    const begun = lab.clock.now();
    const failures: Failure[] = [];
    const work = this.carryOut(wanted, failures);
    await drive(lab.clock, work, LIMIT, () => this.watch.look());
    return { failures, seconds: (lab.clock.now() - begun) / 1000 };
  }

  /** Runs all steps again, as a stack does that remembers nothing. */
  runAgain(): Promise<Outcome> {
    this.done.clear();
    return this.run();
  }

  step(name: string): Step {
    const found = this.steps.find((step) => step.name === name);
    if (!found) throw new Error(`there is no step ${name}`);
    return found;
  }

  private carryOut(wanted: Step[], failures: Failure[]): Promise<void> {
    return new Promise((resolve) => {
      const running = new Set<string>();
      const next = (): void => {
        // After a failure what runs is brought to its end, and nothing new begins.
        for (const step of failures.length > 0 ? [] : wanted) {
          const { name, after } = step;
          if (running.has(name) || this.done.has(name)) continue;
          if (!after.every((other) => this.done.has(other))) continue;
          running.add(name);
          void this.runStep(step, failures).then(() => {
            running.delete(name);
            next();
          });
        }
        if (running.size === 0) resolve();
      };
      next();
    });
  }

  private async runStep(step: Step, failures: Failure[]): Promise<void> {
    const printed = Object.entries(step.printed ?? {}).map(([variable, names]) => [
      variable,
      names.map((name) => this.done.get(name)).join("\n"),
    ]);
    try {
      const stdout = await this.operator.run(step, Object.fromEntries(printed));
      this.done.set(step.name, stdout);
    } catch (error) {
      failures.push({ step, message: (error as Error).message });
    }
  }
}
