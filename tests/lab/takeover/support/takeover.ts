import type { ExecResult } from "just-bash";
import { packageVariables } from "../../../../components/cluster/packages";
import { commandLine, readScript } from "../../../../components/scriptText";
import { freshState } from "../../../../lab/state/initial";
import type { LabState } from "../../../../lab/state/types";
import { Machines } from "../../cluster/support/machines";
import { PASSWORD, START } from "../../support/lab";

export type Takeover = "prepare" | "reboot" | "install";

const ADDRESSES = { pve01: "192.168.18.251", pve02: "192.168.18.100" };
type Node = keyof typeof ADDRESSES;

let made: Promise<LabState> | undefined;

/** A site whose pve01 is a bare Debian; pve02 has Proxmox VE. */
export class Site extends Machines {
  /** What the scripts are told, besides what the project tells them. */
  readonly told: Record<string, string> = {};

  static async fresh(): Promise<Site> {
    let port = 20_000;
    made ??= freshState({
      password: PASSWORD,
      authorizedKey: "ssh-ed25519 AAAA lab",
      nextPort: () => Promise.resolve(port++),
      now: START,
      layout: { bare: ["pve01"], extra: [], without: [] },
    });
    return new Site(structuredClone(await made));
  }

  /** Runs a script as the stack does. Whoever waits for it no longer does once `signal` is raised. */
  exec(name: Takeover, host: Node = "pve01", signal?: AbortSignal): Promise<ExecResult> {
    const variables = {
      HOST: host,
      ADDRESS: ADDRESSES[host],
      HOSTS: "192.168.18.251 pve01\n192.168.18.100 pve02\n192.168.18.200 nas",
      ...packageVariables(9, "no-subscription"),
      ...this.told,
    };
    const script = `cluster/${name}`;
    return this.hosts
      .shellOf(host)
      .exec(
        commandLine(script, "apply"),
        readScript(script, ["cluster/parts/bare", "cluster/parts/packages"])(variables),
        { ...(signal ? { signal } : {}) },
      );
  }

  step(name: Takeover, host: Node = "pve01"): Promise<ExecResult> {
    return this.settle(this.exec(name, host));
  }

  /** The same of a script that must succeed: what it says. */
  async says(name: Takeover, host: Node = "pve01"): Promise<string> {
    const { stderr, exitCode } = await this.step(name, host);
    if (exitCode !== 0) throw new Error(`${name}: exit ${exitCode}\n${stderr}`);
    return stderr;
  }

  /** WHAT and remedy of a script that must not succeed. */
  async refusal(name: Takeover): Promise<[what: string, remedy: string]> {
    const { stderr, exitCode } = await this.step(name);
    const [, what, remedy] =
      /\n\npve01: step cluster-\w+ failed: (.*)\n {2}What to do: (.*)\n$/.exec(`\n\n${stderr}`) ??
      [];
    if (exitCode !== 1 || what === undefined || remedy === undefined) {
      throw new Error(`${name}: exit ${exitCode}\n${stderr}`);
    }
    return [what, remedy];
  }

  /** All of it, as an update does: a host that boots is waited for. */
  async takeOver(): Promise<void> {
    await this.says("prepare");
    await this.says("reboot");
    await this.boots();
    await this.says("install");
  }

  /** Until a login is possible again, as the connection of the next step does. */
  async boots(): Promise<void> {
    const { site } = this;
    for (let seconds = 0; seconds < 900; seconds += 5) {
      if (site.hardware.isOn("pve01") && site.units.isActive(site.host("pve01"), "ssh")) return;
      await this.advance(5);
    }
    throw new Error("pve01 does not come back");
  }

  /** All that a takeover leaves, without times and what is another at every installation. */
  left(): unknown {
    const { packages, services, files, dpkg = {}, kernel } = this.site.host("pve01");
    const { states, versions, debconf, held, interrupted } = dpkg;
    return {
      packages: [...packages].sort(),
      services: [...services].sort(),
      files: Object.fromEntries(
        Object.entries(files).filter(([path]) => path !== "/var/lib/pve-cluster/config.db"),
      ),
      kernel,
      dpkg: { states, versions, debconf, held, interrupted },
    };
  }

  content(path: string): string {
    return this.site.host("pve01").files[path]?.content ?? "(no such file)";
  }
}
