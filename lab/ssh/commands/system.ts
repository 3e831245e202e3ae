import { KERNELS, managerVersion, releaseOf, VERSIONS } from "../../api/version";
import type { HostState } from "../../state/types";
import { type Commands, fail, ok } from "../command";

/** Units that a package brings. */
const UNITS_OF: Record<string, string[]> = {
  chrony: ["chrony"],
  "corosync-qdevice": ["corosync-qdevice"],
  "corosync-qnetd": ["corosync-qnetd"],
  "nfs-kernel-server": ["nfs-server"],
  "openssh-server": ["ssh"],
  "proxmox-ve": ["corosync", "pve-cluster", "pvedaemon", "pveproxy"],
};

export const systemCommands: Commands = {
  hostname: (args, { host }) => {
    if (args.some((arg) => /^(-i|--ip-address|-I|--all-ip-addresses)$/.test(arg)))
      return ok(`${host.address}\n`);
    if (args.some((arg) => /^(-f|--fqdn)$/.test(arg))) return ok(`${host.name}.lan\n`);
    return ok(`${host.name}\n`);
  },
  id: (args) =>
    args[0] === "-u"
      ? ok("0\n")
      : args[0] === "-un"
        ? ok("root\n")
        : ok("uid=0(root) gid=0(root) groups=0(root)\n"),
  whoami: () => ok("root\n"),
  nproc: (_args, { host }) => ok(`${host.node?.cpus ?? 2}\n`),
  uname: (args, { host }) => {
    const release = host.node ? KERNELS[releaseOf(host)] : "6.12.48+deb13-amd64";
    if (args[0] === "-r") return ok(`${release}\n`);
    if (args[0] === "-n") return ok(`${host.name}\n`);
    if (args[0] === "-m") return ok("x86_64\n");
    return args.length === 0
      ? ok("Linux\n")
      : ok(`Linux ${host.name} ${release} x86_64 GNU/Linux\n`);
  },
  systemctl: (args, { host, site }) => {
    const words = args.filter((arg) => !arg.startsWith("-"));
    const quiet = args.includes("--quiet") || args.includes("-q");
    const [verb = "", ...units] = words;
    const names = units.map((unit) => unit.replace(/\.service$/, ""));
    switch (verb) {
      case "is-active":
      case "is-enabled": {
        const active = names.map((name) => host.services.includes(name));
        const good = verb === "is-active" ? "active" : "enabled";
        const bad = verb === "is-active" ? "inactive" : "disabled";
        const text = active.map((on) => (on ? good : bad)).join("\n");
        const exitCode = active.every(Boolean) ? 0 : verb === "is-active" ? 3 : 1;
        return { stdout: quiet ? "" : `${text}\n`, stderr: "", exitCode };
      }
      case "start":
      case "restart":
      case "reload":
      case "reload-or-restart":
      case "enable": {
        const unknown = names.find((name) => !isUnit(name, host));
        if (unknown !== undefined) return unknownUnit(verb, unknown);
        for (const name of names) if (!host.services.includes(name)) host.services.push(name);
        site.quorum.servicesChanged();
        return ok();
      }
      case "stop":
      case "disable": {
        const unknown = names.find((name) => !isUnit(name, host));
        if (unknown !== undefined) return unknownUnit(verb, unknown);
        host.services = host.services.filter((name) => !names.includes(name));
        site.quorum.servicesChanged();
        return ok();
      }
      case "daemon-reload":
        return ok();
      default:
        return fail(`Unknown command verb '${verb}'.`);
    }
  },
  pveversion: (args, { host }) => {
    if (!host.node) return fail("bash: pveversion: command not found", 127);
    const release = releaseOf(host);
    const line = `${managerVersion(release)} (running kernel: ${KERNELS[release]})`;
    const meta = `proxmox-ve: ${VERSIONS[release].release}.0\n`;
    return ok(args.includes("-v") ? `${meta}${line}\n` : `${line}\n`);
  },
};

/** What is installed: services that run, and those of the packages. */
function isUnit(name: string, host: HostState): boolean {
  const brought = host.packages.flatMap((name) => UNITS_OF[name] ?? []);
  return host.services.includes(name) || brought.includes(name);
}

function unknownUnit(verb: string, name: string) {
  if (verb === "enable" || verb === "disable")
    return fail(`Failed to ${verb} unit: Unit ${name}.service does not exist`);
  return fail(`Failed to ${verb} ${name}.service: Unit ${name}.service not loaded.`, 5);
}
