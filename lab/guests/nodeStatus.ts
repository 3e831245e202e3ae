import { createHash } from "node:crypto";
import type { Site } from "../site";
import { memoryOf } from "./status";

/**
 * What `GET /nodes` and `cluster/resources` say of one node; sizes in bytes, `uptime` in seconds. A dead node is online
 * as long as corosync has not noticed (PVE::API2Tools::extract_node_stats asks pmxcfs for its members).
 */
export function nodeStatus(site: Site, asking: string, name: string): Record<string, unknown> {
  const id = { id: `node/${name}`, node: name };
  if (!site.quorum.sees(asking, name)) return { ...id, status: "offline" };
  const state = site.nodeState(name);
  const { used, total } = rootDisk(site, name);
  return {
    ...id,
    status: "online",
    level: "",
    cpu: 0.02,
    maxcpu: state.cpus,
    mem: memoryUsed(site, name),
    maxmem: state.memory,
    disk: used,
    maxdisk: total,
    uptime: uptime(site, name),
  };
}

export function uptime(site: Site, name: string): number {
  return Math.max(1, Math.floor((site.clock.now() - site.host(name).bootedAt) / 1000));
}

/** A quarter of a GiB for the system, and what the running guests have. */
export function memoryUsed(site: Site, name: string): number {
  const guests = Object.values(site.pmxcfs(name).guests).filter((guest) => guest.node === name);
  const running = guests.filter((guest) => site.nodeState(name).running[String(guest.vmid)]);
  return 768 * 1024 ** 2 + running.reduce((sum, guest) => sum + memoryOf(guest), 0);
}

export function rootDisk(site: Site, name: string): { used: number; total: number } {
  const total = Math.min(96 * 1024 ** 3, site.nodeState(name).rootDisk / 4);
  return { total, used: Math.min(total, 4 * 1024 ** 3) };
}

/** The SHA-256 fingerprint of a PEM certificate, as PVE shows it. */
export function certificateFingerprint(pem: string): string {
  const der = Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ""), "base64");
  const digest = createHash("sha256").update(der).digest("hex").toUpperCase();
  return (digest.match(/../g) ?? []).join(":");
}
