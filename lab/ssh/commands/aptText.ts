import type { HostState } from "../../state/types";
import { newestOf, versionOf } from "../../system/dpkg";
import type { Plan } from "../../system/resolve";

/** What apt is about to do, before it does it. */
export function planText(plan: Plan): string {
  const { install, upgrade, remove, purge, unneeded } = plan;
  const gone = [...new Set([...remove, ...purge])];
  const counted = `${upgrade.length} upgraded, ${install.length} newly installed, ${gone.length} to remove and 0 not upgraded.\n`;
  const left =
    unneeded.length === 0
      ? ""
      : `${block("The following packages were automatically installed and are no longer required:", unneeded)}Use 'apt autoremove' to remove them.\n`;
  return [
    left,
    block("The following NEW packages will be installed:", install),
    block(
      "The following packages will be REMOVED:",
      gone.map((name) => (purge.includes(name) ? `${name}*` : name)),
    ),
    block("The following packages will be upgraded:", upgrade),
    counted,
  ].join("");
}

const block = (title: string, names: readonly string[]): string =>
  names.length === 0 ? "" : `${title}\n  ${[...names].sort().join(" ")}\n`;

/** `apt-get -s`. */
export function simulation(host: HostState, { install, upgrade, remove, purge }: Plan): string {
  const suite = "Debian:13/stable [amd64]";
  const coming = [...install, ...upgrade];
  const old = (name: string): string =>
    upgrade.includes(name) ? ` [${versionOf(host, name)}]` : "";
  return [
    ...remove.map(
      (name) => `${purge.includes(name) ? "Purg" : "Remv"} ${name} [${versionOf(host, name)}]\n`,
    ),
    ...coming.map((name) => `Inst ${name}${old(name)} (${newestOf(host, name)} ${suite})\n`),
    ...coming.map((name) => `Conf ${name} (${newestOf(host, name)} ${suite})\n`),
  ].join("");
}
