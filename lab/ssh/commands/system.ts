import { VERSION } from "../../api/version";
import { type Commands, fail, ok } from "../command";

/** Units that a package brings. */
const UNITS_OF: Record<string, string[]> = {
  "corosync-qnetd": ["corosync-qnetd"],
  "corosync-qdevice": ["corosync-qdevice"],
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
    const release = host.node ? "6.17.2-1-pve" : "6.12.48+deb13-amd64";
    if (args[0] === "-r") return ok(`${release}\n`);
    if (args[0] === "-n") return ok(`${host.name}\n`);
    if (args[0] === "-m") return ok("x86_64\n");
    return args.length === 0
      ? ok("Linux\n")
      : ok(`Linux ${host.name} ${release} x86_64 GNU/Linux\n`);
  },
  systemctl: (args, { host }) => {
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
      case "enable":
        return start(names, host);
      case "stop":
      case "disable":
        host.services = host.services.filter((name) => !names.includes(name));
        return ok();
      case "daemon-reload":
        return ok();
      default:
        return fail(`Unknown command verb ${verb}.`);
    }
  },
  pveversion: (args, { host }) => {
    if (!host.node) return fail("bash: pveversion: command not found", 127);
    const line = `pve-manager/${VERSION.version}/${VERSION.repoid} (running kernel: 6.17.2-1-pve)`;
    return ok(args.includes("-v") ? `proxmox-ve: 9.1.0\n${line}\n` : `${line}\n`);
  },
};

function start(names: string[], host: { packages: string[]; services: string[] }) {
  for (const name of names) {
    const source = Object.keys(UNITS_OF).find((unit) => UNITS_OF[unit]?.includes(name));
    if (source && !host.packages.includes(source))
      return fail(`Failed to start ${name}.service: Unit ${name}.service not found.`, 5);
    if (!source && !host.services.includes(name))
      return fail(`Failed to start ${name}.service: Unit ${name}.service not found.`, 5);
    if (!host.services.includes(name)) host.services.push(name);
  }
  return ok();
}
