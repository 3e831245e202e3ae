import type { Site } from "../site";
import type { HostState } from "../state/types";

export interface Listener {
  port: number;
  service: string;
  /** As `ps` names it; none is the kernel. */
  process?: string;
}

type Ports = Record<string, { ports: readonly number[]; process?: string }>;

/** Ports that a service listens on. */
const TCP: Ports = {
  "corosync-qnetd": { ports: [5403], process: "corosync-qnetd" },
  "nfs-server": { ports: [111, 2049] },
  pveproxy: { ports: [8006], process: "pveproxy worker" },
  spiceproxy: { ports: [3128], process: "spiceproxy work" },
  ssh: { ports: [22], process: "sshd" },
};
const UDP: Ports = { corosync: { ports: [5405], process: "corosync" } };

/** Ports on which a host listens, with the service behind each. */
export function listening({ services }: HostState, protocol: "tcp" | "udp" = "tcp"): Listener[] {
  const table = protocol === "tcp" ? TCP : UDP;
  const own = services.flatMap((service) => {
    const { ports = [], process } = table[service] ?? {};
    return ports.map((port) => ({ port, service, ...(process === undefined ? {} : { process }) }));
  });
  return own.sort((a, b) => a.port - b.port);
}

/** What comes of a connection from one host to an address: silence where nobody is, or is heard. */
export function connection(
  site: Site,
  from: HostState,
  name: string,
  port: number,
): "open" | "refused" | "silent" {
  const remote = site.hostAt(resolve(from, name) ?? name);
  if (!remote || !site.hardware.canReachPort(from.name, remote.name, port)) return "silent";
  return listening(remote).some((one) => one.port === port) ? "open" : "refused";
}

/** An address for a name as `/etc/hosts` has it; the lab has no name server. */
export function resolve(host: HostState, name: string): string | undefined {
  if (/^[\d.]+$/.test(name)) return name;
  return hostsLines(host).find(({ names }) => names.includes(name))?.address;
}

export function hostsLines({ files }: HostState): { address: string; names: string[] }[] {
  return (files["/etc/hosts"]?.content ?? "")
    .split("\n")
    .map((line) => line.replace(/#.*/, "").trim())
    .filter((line) => line !== "")
    .map((line) => {
      const [address = "", ...names] = line.split(/\s+/);
      return { address, names };
    });
}
