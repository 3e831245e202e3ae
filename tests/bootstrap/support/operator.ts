import type { Step } from "../../../components/cluster/steps";
import { commandLine, readScript } from "../../../components/scriptText";
import { sleep } from "../../../lab/seams/clock";
import { publicKeyOf } from "../../../lab/state/sshKey";
import type { Lab } from "./bootstrap";

/** As the command plugin dials: attempts, and milliseconds between them, longer each time. */
const ATTEMPTS = 5;
const FIRST_DELAY = 100;
const BACKOFF = 1.5;
const LONGEST_DELAY = 5000;
/** Milliseconds for a host that boots. */
const PATIENCE = 15 * 60_000;
/** As a shell tells of a program that SIGKILL has ended. */
const KILLED = 137;

export class Lost extends Error {}

/** The operator's PC: reaches every host that has power, is plugged in and lets it in with the key that was pinned. */
export class Operator {
  /** Host keys as they were pinned, by host. */
  readonly pinned: ReadonlyMap<string, string>;

  constructor(private readonly lab: Lab) {
    this.pinned = new Map(
      Object.values(lab.state.hosts).map(({ name, sshHostKey }) => [name, publicKeyOf(sshHostKey)]),
    );
  }

  /** Runs a step's script as the component tells it. What it prints. @throws with what the operator reads. */
  async run(step: Step, printed: Record<string, string>): Promise<string> {
    const { host, script, parts, variables } = step;
    await this.dial(host, isPatient(step));
    const text = readScript(script, parts)({ ...variables, ...printed, HOST: host });
    const shell = this.lab.hosts.shellOf(host);
    const work = shell.exec(commandLine(script, "apply"), Buffer.from(text).toString("latin1"));
    // Nobody listens to the end of a script that was cut off.
    work.catch(() => undefined);
    const { stdout, stderr, exitCode } = await Promise.race([work, this.cutOff(host)]);
    if (exitCode === KILLED) throw new Lost(`the step of ${host} was killed`);
    if (exitCode !== 0) throw new Error(`exit ${exitCode}: ${stderr}`);
    return stdout;
  }

  /** Comes when the connections to a host are lost. */
  private cutOff(host: string): Promise<never> {
    return new Promise((_, reject) => {
      const lost = (): void => reject(new Lost(`the connection to ${host} is lost`));
      this.lab.onCut((other) => {
        if (other === host) lost();
      });
    });
  }

  private async dial(name: string, patient: boolean): Promise<void> {
    const { site, clock } = this.lab;
    const end = clock.now() + PATIENCE;
    let delay = FIRST_DELAY;
    for (let failed = 0; ; failed++) {
      const host = site.host(name);
      const answers =
        site.hardware.isOn(name) && site.hardware.isPlugged(name) && host.services.includes("ssh");
      if (answers) {
        if (publicKeyOf(host.sshHostKey) === this.pinned.get(name)) return;
        throw new Error(`${name}: its host key is not the one that was pinned`);
      }
      if (patient ? clock.now() >= end : failed >= ATTEMPTS) {
        throw new Error(`after ${failed} failed attempts: root@${name}: connection refused`);
      }
      await sleep(clock, delay);
      delay = Math.min(delay * BACKOFF, LONGEST_DELAY);
    }
  }
}

/** A step round a reboot waits until its host has booted. */
function isPatient(step: Step): boolean {
  return "patient" in step && step.patient === true;
}
