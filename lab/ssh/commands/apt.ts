import { type Commands, fail, ok } from "../command";

/** Packages that the mirror has for these machines, and the services that start with them. */
const AVAILABLE: Record<string, string[]> = {
  "corosync-qdevice": [],
  "corosync-qnetd": ["corosync-qnetd"],
  chrony: ["chrony"],
  curl: [],
  "openssh-server": ["ssh"],
};

export const aptCommands: Commands = {
  "apt-get": (args, { host }) => {
    const words = args.filter((arg, index) => !arg.startsWith("-") && args[index - 1] !== "-o");
    const [verb, ...names] = words;
    if (verb === "update") return ok("Reading package lists...\n");
    if (verb !== "install") return fail(`E: Invalid operation ${verb ?? ""}`, 100);
    const unknown = names.find((name) => !AVAILABLE[name] && !host.packages.includes(name));
    if (unknown !== undefined) return fail(`E: Unable to locate package ${unknown}`, 100);
    const fresh = names.filter((name) => !host.packages.includes(name));
    host.packages.push(...fresh);
    for (const service of fresh.flatMap((name) => AVAILABLE[name] ?? [])) {
      if (!host.services.includes(service)) host.services.push(service);
    }
    const lines = fresh.map((name) => `Setting up ${name} ...\n`);
    return ok(`Reading package lists...\n${lines.join("")}`);
  },
  "dpkg-query": (args, { host }) => {
    const names = args.filter((arg) => !arg.startsWith("-"));
    const known = names.filter((name) => host.packages.includes(name));
    const missing = names.filter((name) => !host.packages.includes(name));
    return {
      stdout: known
        .map((name) => (args.some((arg) => arg.includes("Status")) ? "install ok installed" : name))
        .join("\n"),
      stderr: missing.map((name) => `dpkg-query: no packages found matching ${name}\n`).join(""),
      exitCode: missing.length > 0 ? 1 : 0,
    };
  },
  dpkg: (args, { host }) => {
    const name = args.at(-1) ?? "";
    if (args[0] !== "-s") return fail(`dpkg: error: unknown option ${args[0] ?? ""}`, 2);
    if (!host.packages.includes(name))
      return fail(`dpkg-query: package '${name}' is not installed and no information is available`);
    return ok(`Package: ${name}\nStatus: install ok installed\n`);
  },
};
