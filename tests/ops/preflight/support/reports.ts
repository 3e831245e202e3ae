import type { HostReport } from "../../../../ops/preflight/host";

const ADDRESSES: Record<string, string> = {
  pve01: "192.168.18.251",
  pve02: "192.168.18.100",
  nas: "192.168.18.200",
};

/** A host about which nothing was found but this. */
export function reportOn(name: string, found: Partial<HostReport> = {}): HostReport {
  const address = ADDRESSES[name] ?? "192.168.18.9";
  return { name, address, will: [], problems: [], warnings: [], checklist: [], ...found };
}
