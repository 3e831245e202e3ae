import { type Draft, type DraftSite, entries, missing, problem } from "../draft";
import type { Problem } from "../problems";
import type { VirtualMachineGuest } from "../schema";
import { formatBytes } from "../values";

type Vm = Draft<VirtualMachineGuest>;

/** Clones of guests of the file, and of those that it does not describe. */
export function clones(site: DraftSite): Problem[] {
  return entries(site.guests).flatMap(([key, guest]) => {
    if (guest.type !== "vm" || !guest.clone) return [];
    const path = ["guests", key, "clone"];
    const { guest: name, vmid, node } = guest.clone;
    if (name === undefined)
      return [
        ...missing([...path, "node"], "node", node, site.nodes),
        ...outside(site, guest, path, vmid),
      ];
    const original = site.guests?.[name];
    if (!original) return missing([...path, "guest"], "guest", name, site.guests);
    if (original.type === "container") {
      return problem([...path, "guest"], `${name} is a container; name a VM`);
    }
    if (original.type !== "vm") return [];
    if (isCircle(site, key)) {
      return problem([...path, "guest"], `${name} is itself made from ${key}; name another`);
    }
    return ofGuest(key, guest, name, original);
  });
}

function outside(
  site: DraftSite,
  guest: Vm,
  path: Problem["path"],
  vmid: number | undefined,
): Problem[] {
  const own = entries(site.guests).find(([, other]) => vmid !== undefined && other.vmid === vmid);
  if (own) return problem([...path, "vmid"], `that is guests.${own[0]}; write guest: ${own[0]}`);
  // What is not named would be found on the guest and be taken away.
  return Object.hasOwn(guest, "disks")
    ? []
    : problem(
        [...path.slice(0, -1), "disks"],
        "missing; name every disk of the original, as large as it is or larger",
      );
}

function ofGuest(key: string, guest: Vm, name: string, original: Vm): Problem[] {
  const path = ["guests", key];
  const same = (["bios", "tpm"] as const).flatMap((part) =>
    guest[part] !== undefined && guest[part] !== original[part]
      ? problem(
          [...path, part],
          `a clone has that of its original; take this out, or change guests.${name}.${part}`,
        )
      : [],
  );
  const linked = guest.clone?.full === false;
  const hasLocal = entries(original.disks).some(([, { storage }]) => storage === "local-lvm");
  return [
    ...same,
    ...(linked && original.template === false
      ? problem(
          [...path, "clone", "full"],
          `only a template has linked clones; write true, or template: true for guests.${name}`,
        )
      : []),
    ...(hasLocal &&
    guest.node !== undefined &&
    original.node !== undefined &&
    guest.node !== original.node
      ? problem(
          [...path, "node"],
          `the disks of guests.${name} are on a storage of ${original.node} alone; make the clone there`,
        )
      : []),
    ...entries(guest.disks).flatMap(([slot, disk]) => {
      const source = original.disks?.[slot];
      if (!source) return [];
      const at = [...path, "disks", slot];
      return [
        ...(disk.size !== undefined && source.size !== undefined && disk.size < source.size
          ? problem(
              [...at, "size"],
              `that of guests.${name} has ${formatBytes(source.size)}; write that or more`,
            )
          : []),
        ...(linked && disk.storage !== source.storage
          ? problem(
              [...at, "storage"],
              `the disks of a linked clone stay with those of its template; write ${source.storage}`,
            )
          : []),
      ];
    }),
  ];
}

/** Following the originals leads back to the guest, or round without end. */
function isCircle(site: DraftSite, key: string): boolean {
  const seen = new Set<string>();
  let next: string | undefined = key;
  while (next !== undefined) {
    if (seen.has(next)) return true;
    seen.add(next);
    const guest: Draft<NonNullable<DraftSite["guests"]>>[string] = site.guests?.[next];
    next = guest?.type === "vm" ? guest.clone?.guest : undefined;
  }
  return false;
}
