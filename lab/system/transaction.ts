import type { ExecResult } from "just-bash";
import { isDiskFull, ROOT_DISK } from "../storage/fullDisks";
import { hostTraits } from "../node/hostTraits";
import { sleep } from "../seams/clock";
import type { Site } from "../site";
import type { HostState } from "../state/types";
import { conffilesOf, type Keep, ownFilesOf } from "./conffiles";
import { configure } from "./configure";
import { dpkgOf, newestOf, setStatus, statusOf, unconfigured, versionOf } from "./dpkg";
import { grubLines, runningKernel } from "./kernels";
import { PACKAGES } from "./packageTable";
import type { Plan } from "./resolve";
import { UNIT_FILES } from "./unitTable";

export const SUB_PROCESS = "E: Sub-process /usr/bin/dpkg returned an error code (1)\n";

/** What dpkg has done so far, and which packages it could not bring to an end. */
export interface Progress {
  out: string;
  err: string;
  failed: string[];
}

/** One run of dpkg for apt. It goes on while the machine does, whoever waits for it, unless it is killed. */
export class Transaction {
  private readonly progress: Progress = { out: "", err: "", failed: [] };
  private readonly bootedAt: number;

  constructor(
    private readonly site: Site,
    private readonly host: HostState,
    private readonly keep: Keep,
    private readonly process: { readonly killed: boolean },
  ) {
    this.bootedAt = host.bootedAt;
  }

  /** Carries a plan out: what goes, what comes, and then each is set up. */
  async run(plan: Plan): Promise<ExecResult> {
    const { host, site } = this;
    const state = dpkgOf(host);
    state.interrupted = true;
    site.store.touch();
    for (const name of plan.remove) await this.step(() => this.remove(name, plan));
    const purged = plan.purge.filter((name) => !plan.remove.includes(name));
    for (const name of purged) await this.step(() => this.purge(name));
    for (const name of [...plan.install, ...plan.upgrade]) await this.step(() => this.unpack(name));
    state.auto = [...new Set([...(state.auto ?? []), ...plan.auto])];
    return this.configureAll();
  }

  /** `dpkg --configure -a`: what was unpacked is set up. */
  async configureAll(): Promise<ExecResult> {
    const { host, site, progress } = this;
    for (let left = unconfigured(host); left.length > 0;) {
      // What others need comes first.
      const next = left.find((name) => !needsAny(name, left)) ?? left[0] ?? "";
      left = left.filter((name) => name !== next);
      await this.step(() => configure(site, host, next, this.keep, progress));
    }
    if (this.isAlive()) {
      delete dpkgOf(host).interrupted;
      const { auto = [] } = dpkgOf(host);
      dpkgOf(host).auto = auto.filter((name) => host.packages.includes(name));
    }
    site.store.touch();
    const { out, err, failed } = progress;
    const errors =
      failed.length === 0
        ? ""
        : `Errors were encountered while processing:\n${failed.map((name) => ` ${name}\n`).join("")}`;
    return { stdout: out, stderr: `${err}${errors}`, exitCode: failed.length > 0 ? 1 : 0 };
  }

  private async step(action: () => void | Promise<void>): Promise<void> {
    if (!this.isAlive()) return;
    await sleep(this.site.clock, hostTraits(this.host).packageMs);
    if (this.isAlive()) await action();
  }

  private isAlive(): boolean {
    const { host, process } = this;
    return !process.killed && host.power && host.bootedAt === this.bootedAt;
  }

  private unpack(name: string): void {
    const { site, host, progress } = this;
    const before = statusOf(host, name);
    const version = newestOf(host, name) ?? "1";
    const file = `/var/cache/apt/archives/${name}_${version.replace(":", "%3a")}_amd64.deb`;
    const isNew = before === undefined || before === "config-files";
    if (isNew) progress.out += `Selecting previously unselected package ${name}.\n`;
    progress.out += `Preparing to unpack .../${name}_${version.replace(":", "%3a")}_amd64.deb ...\n`;
    progress.out += isNew
      ? `Unpacking ${name} (${version}) ...\n`
      : `Unpacking ${name} (${version}) over (${versionOf(host, name)}) ...\n`;
    if (isDiskFull(site, host.name, ROOT_DISK)) {
      progress.err += `dpkg: error processing archive ${file} (--unpack):\n cannot copy extracted data for './usr/share/doc/${name}/changelog.gz' to '/usr/share/doc/${name}/changelog.gz.dpkg-new': failed to write (No space left on device)\n`;
      progress.failed.push(file);
      return;
    }
    delete dpkgOf(host).versions?.[name];
    setStatus(host, name, "unpacked");
    Object.assign(host.files, ownFilesOf(host, name));
    site.store.touch();
  }

  private remove(name: string, plan: Plan): void {
    const { site, host, progress } = this;
    progress.out += `Removing ${name} (${versionOf(host, name)}) ...\n`;
    const kernel = PACKAGES[name]?.kernel;
    const confirmed =
      dpkgOf(host).debconf?.["linux-base linux-base/removing-running-kernel"]?.value === "false";
    if (kernel !== undefined && kernel === runningKernel(host) && !confirmed) {
      progress.err += `W: Removing the running kernel\nE: Aborting removal of the running kernel image: ${kernel}\ndpkg: error processing package ${name} (--remove):\n installed ${name} package pre-removal script subprocess returned error exit status 1\ndpkg: too many errors, stopping\n`;
      progress.failed.push(name);
      return;
    }
    for (const [unit, { package: owner }] of Object.entries(UNIT_FILES)) {
      if (owner === name) site.units.stop(host, unit);
    }
    for (const path of Object.keys(ownFilesOf(host, name))) delete host.files[path];
    const hasConfig = Object.keys(conffilesOf(host, name)).length > 0;
    setStatus(host, name, hasConfig ? "config-files" : undefined);
    if (kernel !== undefined) progress.out += grubLines(host);
    if (plan.purge.includes(name)) this.purge(name);
    site.store.touch();
  }

  private purge(name: string): void {
    const { host, progress } = this;
    if (statusOf(host, name) === "config-files") {
      progress.out += `Purging configuration files for ${name} (${versionOf(host, name)}) ...\n`;
    }
    for (const path of Object.keys(conffilesOf(host, name))) {
      delete host.files[path];
      delete dpkgOf(host).conffiles?.[path];
    }
    setStatus(host, name, undefined);
  }
}

function needsAny(name: string, others: readonly string[]): boolean {
  const needs = (PACKAGES[name]?.depends ?? []).flatMap((text) => text.split(" | "));
  return others.some((other) => other !== name && needs.includes(other));
}
