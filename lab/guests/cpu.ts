/**
 * CPU generations in the order of what they can do, as far as a guest's CPU type asks for it. Levels of x86-64-vN as
 * in Proxmox's documentation: v2 Nehalem, v2-AES Westmere, v3 Haswell, v4 Skylake server.
 */
const RANKS = {
  plain: 0,
  nehalem: 1,
  westmere: 2,
  sandybridge: 3,
  ivybridge: 4,
  haswell: 5,
  broadwell: 6,
  skylake: 7,
  server: 8,
} as const;
type Generation = keyof typeof RANKS;

/** What a type of `cpu:` needs. A type that is not here asks for nothing that the lab knows of. */
const NEEDS: [RegExp, Generation][] = [
  [/^(Nehalem|x86-64-v2$|Opteron_G3)/, "nehalem"],
  [/^(Westmere|x86-64-v2-AES|Opteron_G4)/, "westmere"],
  [/^SandyBridge/, "sandybridge"],
  [/^IvyBridge/, "ivybridge"],
  [/^(Haswell|x86-64-v3|EPYC)/, "haswell"],
  [/^Broadwell/, "broadwell"],
  [/^Skylake-Client/, "skylake"],
  [/^(Skylake-Server|Cascadelake|Cooperlake|Icelake|SapphireRapids|x86-64-v4)/, "server"],
];

/** Intel's Core and Xeon E processors by the first digits of their number. */
const HOSTS: [RegExp, Generation][] = [
  [/Core\(TM\) i[357]-2\d{3}/, "sandybridge"],
  [/Core\(TM\) i[357]-3\d{3}/, "ivybridge"],
  [/Core\(TM\) i[357]-4\d{3}/, "haswell"],
  [/Core\(TM\) i[357]-5\d{3}/, "broadwell"],
];

/** Whether a node with processor `model` can give a VM the CPU that its `cpu` option promises. */
export function hasCpu(model: string, cpu = "kvm64"): boolean {
  const type = /^(?:cputype=)?([^,]*)/.exec(cpu)?.[1] ?? "";
  const need = NEEDS.find(([pattern]) => pattern.test(type))?.[1] ?? "plain";
  const host = HOSTS.find(([pattern]) => pattern.test(model))?.[1] ?? "server";
  return RANKS[host] >= RANKS[need];
}
