import type { Site } from "../site";
import type { HostState } from "../state/types";
import { type Keep, placeConffiles } from "./conffiles";
import { dpkgOf, setStatus, statusOf, versionOf } from "./dpkg";
import { grubLines } from "./kernels";
import { isMounted, mountProblem } from "./nodes";
import { PACKAGES } from "./packageTable";
import type { Progress } from "./transaction";
import { NEED_PMXCFS, UNIT_FILES } from "./unitTable";

/** Sets one package up as its maintainer's script does, and starts what it brings. */
export async function configure(
  site: Site,
  host: HostState,
  name: string,
  keep: Keep,
  progress: Progress,
): Promise<void> {
  const broken = (PACKAGES[name]?.depends ?? [])
    .flatMap((text) => text.split(" | "))
    .find((one) => host.packages.includes(one) && statusOf(host, one) !== "installed");
  if (broken !== undefined) {
    progress.err += `dpkg: dependency problems prevent configuration of ${name}:\n ${name} depends on ${broken}; however:\n  Package ${broken} is not configured yet.\n\ndpkg: error processing package ${name} (--configure):\n dependency problems - leaving unconfigured\n`;
    progress.failed.push(name);
    return;
  }
  progress.out += `Setting up ${name} (${versionOf(host, name)}) ...\n`;
  setStatus(host, name, "half-configured");
  const { text, unanswered } = placeConffiles(host, name, keep);
  progress.out += text;
  if (unanswered !== undefined) {
    progress.err += `dpkg: error processing package ${name} (--configure):\n end of file on stdin at conffile prompt\n`;
    progress.failed.push(name);
    return;
  }
  if (name === "pve-cluster") await site.nodes.make(host);
  const failed = startUnits(site, host, name, progress);
  // Only pve-manager's script insists on its daemons.
  if (failed && name === "pve-manager") {
    progress.err += `dpkg: error processing package ${name} (--configure):\n installed ${name} package post-installation script subprocess returned error exit status 1\n`;
    progress.failed.push(name);
    return;
  }
  if (name === "postfix") host.files["/etc/postfix/main.cf"] ??= mainCf(host);
  if (PACKAGES[name]?.kernel !== undefined) progress.out += grubLines(host);
  setStatus(host, name, "installed");
  site.store.touch();
}

/** Whether one did not start that was to. */
function startUnits(site: Site, host: HostState, name: string, progress: Progress): boolean {
  let failed = false;
  const own = Object.entries(UNIT_FILES).filter(([, { package: owner }]) => owner === name);
  for (const [unit, { preset }] of own) {
    if (
      preset === "static" ? site.units.state(host, unit).masked : !site.units.isEnabled(host, unit)
    ) {
      continue;
    }
    if (site.units.start(host, unit) !== "failed") continue;
    failed = true;
    progress.err += `Job for ${unit}.service failed because the control process exited with error code.\nSee "systemctl status ${unit}.service" and "journalctl -xeu ${unit}.service" for details.\n`;
    note(site, host, unit);
  }
  return failed;
}

/** What the journal has of a daemon that did not start. */
export function note(site: Site, host: HostState, unit: string): void {
  const add = (from: string, message: string): void =>
    void (host.journal ??= []).push({ time: site.clock.now(), unit: from, message });
  const problem = mountProblem(host);
  if (unit === "pve-cluster" && problem !== undefined) {
    add("pmxcfs", `[main] crit: ${problem}`);
    add(
      "systemd",
      "pve-cluster.service: Control process exited, code=exited, status=255/EXCEPTION",
    );
    add("systemd", "Failed to start pve-cluster.service - The Proxmox VE cluster filesystem.");
  } else if (NEED_PMXCFS.includes(unit) && !isMounted(host)) {
    add(unit, "ipcc_send_rec[1] failed: Connection refused");
    add("systemd", `Failed to start ${unit}.service - ${UNIT_FILES[unit]?.description}.`);
  }
}

function mainCf(host: HostState) {
  const kind = dpkgOf(host).debconf?.["postfix postfix/main_mailer_type"]?.value ?? "Internet Site";
  const interfaces = kind === "Local only" ? "loopback-only" : "all";
  return {
    content: `# ${kind}\nmyhostname=${host.name}.lan\nmydestination = $myhostname, ${host.name}, localhost\nrelayhost = \ninet_interfaces = ${interfaces}\n`,
    mode: 0o644,
  };
}
