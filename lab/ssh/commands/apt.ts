import { releaseOf, VERSIONS as RELEASES } from "../../api/version";
import { upgradeNode } from "../../node/release";
import type { HostState } from "../../state/types";
import { type Commands, fail, ok } from "../command";

/** Packages that the mirror has for these machines, and the services that start with them. */
const AVAILABLE: Record<string, string[]> = {
  "corosync-qdevice": [],
  "corosync-qnetd": ["corosync-qnetd"],
  chrony: ["chrony"],
  curl: [],
  "openssh-server": ["ssh"],
};

/** Versions of Debian 13. */
const VERSIONS: Record<string, string> = {
  "corosync-qdevice": "3.0.3-2",
  "corosync-qnetd": "3.0.3-2",
  chrony: "4.6.1-3",
  curl: "8.14.1-2",
  "nfs-kernel-server": "1:2.8.3-1",
  "openssh-server": "1:10.0p1-7",
};

export const aptCommands: Commands = {
  "apt-get": (args, { host, site }) => {
    const words = args.filter((arg, index) => !arg.startsWith("-") && args[index - 1] !== "-o");
    const [verb, ...names] = words;
    if (verb === "update") return ok("Reading package lists...\n");
    if (verb === "dist-upgrade" || verb === "full-upgrade") {
      const upgraded = upgradeNode(site, host) ? host.packages : [];
      return ok(`Reading package lists...\n${settingUp(upgraded, host)}`);
    }
    if (verb !== "install") return fail(`E: Invalid operation ${verb ?? ""}`, 100);
    const unknown = names.find((name) => !AVAILABLE[name] && !host.packages.includes(name));
    if (unknown !== undefined) return fail(`E: Unable to locate package ${unknown}`, 100);
    const fresh = names.filter((name) => !host.packages.includes(name));
    host.packages.push(...fresh);
    for (const service of fresh.flatMap((name) => AVAILABLE[name] ?? [])) {
      if (!host.services.includes(service)) host.services.push(service);
    }
    site.quorum.servicesChanged();
    return ok(`Reading package lists...\n${settingUp(fresh, host)}`);
  },
  "dpkg-query": (args, { host }) => {
    const { format, names } = queryArguments(args);
    const known = names.filter((name) => host.packages.includes(name));
    const missing = names.filter((name) => !host.packages.includes(name));
    return {
      stdout: known.map((name) => shown(format, name, host)).join(""),
      stderr: missing.map((name) => `dpkg-query: no packages found matching ${name}\n`).join(""),
      exitCode: missing.length > 0 ? 1 : 0,
    };
  },
  dpkg: (args, { host }) => {
    const name = args.at(-1) ?? "";
    if (args[0] !== "-s") return fail(`dpkg: error: unknown option ${args[0] ?? ""}`, 2);
    if (!host.packages.includes(name))
      return fail(`dpkg-query: package '${name}' is not installed and no information is available`);
    return ok(
      `Package: ${name}\nStatus: install ok installed\nVersion: ${versionOf(name, host)}\n`,
    );
  },
};

/** `-W -f FORMAT NAME…`, with the format as a word of its own or behind `-f` or `--showformat=`. */
function queryArguments(args: string[]): { format: string; names: string[] } {
  let format = "${Package}\\t${Version}\\n";
  const names: string[] = [];
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (arg === "-f" || arg === "--showformat") format = rest.shift() ?? "";
    else if (arg.startsWith("--showformat=")) format = arg.slice("--showformat=".length);
    else if (arg.startsWith("-f")) format = arg.slice(2).replace(/^=/, "");
    else if (!arg.startsWith("-")) names.push(arg);
  }
  return { format, names };
}

function settingUp(names: readonly string[], host: HostState): string {
  return names.map((name) => `Setting up ${name} (${versionOf(name, host)}) ...\n`).join("");
}

/** Proxmox VE's own packages follow its release. */
function versionOf(name: string, host: HostState): string {
  const { version, release } = RELEASES[releaseOf(host)];
  if (name === "pve-manager") return version;
  return name === "proxmox-ve" ? `${release}.0` : (VERSIONS[name] ?? "1");
}

function shown(format: string, name: string, host: HostState): string {
  const fields: Record<string, string> = {
    Package: name,
    "binary:Package": name,
    Version: versionOf(name, host),
    Status: "install ok installed",
    "db:Status-Status": "installed",
  };
  return format
    .replace(/\$\{([\w:-]+)\}/g, (_, field: string) => fields[field] ?? "")
    .replace(/\\n/g, "\n")
    .replace(/\\t/g, "\t");
}
