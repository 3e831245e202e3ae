import { memoryUsed } from "../guests/nodeStatus";
import type { Site } from "../site";
import type { HostState } from "../state/types";
import { hostTraits } from "./hostTraits";

export interface Cpu {
  count: number;
  model: string;
  mhz: string;
  vendor: string;
  /** The flag of hardware virtualization. */
  extension: "vmx" | "svm";
}

export function cpuOf({ node, machine }: HostState): Cpu {
  const { cpus: count = 2, cpuModel: model = "Intel(R) Atom(TM) CPU D525 @ 1.80GHz" } =
    node ?? machine ?? {};
  const ghz = Number(/@ ([\d.]+)GHz/.exec(model)?.[1] ?? 2);
  const amd = model.includes("AMD");
  return {
    count,
    model,
    mhz: (ghz * 1000).toFixed(3),
    vendor: amd ? "AuthenticAMD" : "GenuineIntel",
    extension: amd ? "svm" : "vmx",
  };
}

/** Bytes. */
export function memoryOf(
  site: Site,
  host: HostState,
): { total: number; used: number; free: number; available: number } {
  const total = host.node?.memory ?? host.machine?.memory ?? hostTraits(host).memory;
  const used = Math.min(total, host.node ? memoryUsed(site, host.name) : 512 * 1024 ** 2);
  const available = total - used;
  return { total, used, free: Math.floor(available * 0.6), available };
}
