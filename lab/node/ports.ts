import type { Site } from "../site";
import type { HostState } from "../state/types";

/** TCP ports that a service listens on. */
const PORTS: Record<string, readonly number[]> = {
  "corosync-qnetd": [5403],
  "nfs-server": [111, 2049],
  pveproxy: [8006],
  spiceproxy: [3128],
  ssh: [22],
};

/** Ports on which a host listens, with the service behind each. */
export function listening({ services }: HostState): { port: number; service: string }[] {
  return services
    .flatMap((service) => (PORTS[service] ?? []).map((port) => ({ port, service })))
    .sort((a, b) => a.port - b.port);
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
