import { publicKeyOf } from "./sshKey";
import type { LabState } from "./types";

/** known_hosts for the lab's hosts, under their loopback ports and under their site addresses. */
export function knownHosts(state: LabState): string {
  const lines = Object.values(state.hosts).flatMap((host) => {
    const key = publicKeyOf(host.sshHostKey);
    return [`[127.0.0.1]:${host.sshPort} ${key}`, `${host.name},${host.address} ${key}`];
  });
  return `${lines.join("\n")}\n`;
}
