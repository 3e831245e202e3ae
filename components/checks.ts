import type { Guest, Site } from "./schema";
import { isInNetwork } from "./values";

/** A problem of the site file: where, what, and what to do. */
export interface Problem {
  /** Keys from the top of the site, as in ["guests", "web", "vmid"]. */
  path: (string | number)[];
  message: string;
}

type Check = (site: Site) => Problem[];

/** What must hold between parts of the file; what each value must be, the schema says. */
const CHECKS: Check[] = [
  uniqueVmids,
  uniqueAddresses,
  addressesInNetwork,
  namesOfHosts,
  nodesOfGuests,
  storagesOfGuests,
  backupsFit,
];

export function crossCheck(site: Site): Problem[] {
  return CHECKS.flatMap((check) => check(site));
}

function uniqueVmids(site: Site): Problem[] {
  const owner = new Map<number, string>();
  return guestsOf(site).flatMap(([key, guest]) => {
    const other = owner.get(guest.vmid);
    owner.set(guest.vmid, other ?? key);
    if (other === undefined) return [];
    return [
      problem(
        ["guests", key, "vmid"],
        `${guest.vmid} is also the VMID of guests.${other}; give each guest its own`,
      ),
    ];
  });
}

function uniqueAddresses(site: Site): Problem[] {
  const owner = new Map<string, string>();
  return addressesOf(site).flatMap(({ path, address }) => {
    const where = path.slice(0, -1).join(".");
    const other = owner.get(address);
    owner.set(address, other ?? where);
    return other === undefined ? [] : [problem(path, `${address} is also the address of ${other}`)];
  });
}

function addressesInNetwork(site: Site): Problem[] {
  return addressesOf(site)
    .filter(({ address }) => !isInNetwork(address, site.network.cidr))
    .map(({ path, address }) =>
      problem(path, `${address} is not in the site's network ${site.network.cidr} (network.cidr)`),
    );
}

function namesOfHosts(site: Site): Problem[] {
  const problems: Problem[] = [];
  const { founder, witness } = site.cluster;
  if (!site.nodes[founder]) {
    problems.push(
      problem(
        ["cluster", "founder"],
        `there is no node "${founder}"; ${choices("nodes", site.nodes)}`,
      ),
    );
  }
  if (witness !== undefined && !site.hosts[witness]) {
    const advice = site.nodes[witness]
      ? "a node cannot be the witness: its vote would be lost with it"
      : `there is no host "${witness}"; ${choices("hosts", site.hosts)}`;
    problems.push(problem(["cluster", "witness"], advice));
  }
  for (const name of Object.keys(site.hosts)) {
    if (site.nodes[name]) problems.push(problem(["hosts", name], "this name is also a node's"));
  }
  for (const [id, storage] of Object.entries(site.storages)) {
    if (!site.hosts[storage.server]) {
      problems.push(
        problem(
          ["storages", id, "server"],
          `there is no host "${storage.server}"; ${choices("hosts", site.hosts)}`,
        ),
      );
    }
  }
  return problems;
}

function nodesOfGuests(site: Site): Problem[] {
  const unknown = (path: Problem["path"], name: string): Problem[] =>
    site.nodes[name]
      ? []
      : [problem(path, `there is no node "${name}"; ${choices("nodes", site.nodes)}`)];
  return guestsOf(site).flatMap(([key, guest]) => [
    ...unknown(["guests", key, "node"], guest.node),
    ...Object.keys(guest.ha?.nodes ?? {}).flatMap((name) =>
      unknown(["guests", key, "ha", "nodes", name], name),
    ),
  ]);
}

function storagesOfGuests(site: Site): Problem[] {
  return guestsOf(site).flatMap(([key, guest]) =>
    storageUses(guest).flatMap(({ path, storage, content }) =>
      storageProblem(site, ["guests", key, ...path], storage, content),
    ),
  );
}

function backupsFit(site: Site): Problem[] {
  return Object.entries(site.backups).flatMap(([id, backup]) => {
    const chosen = backup.guests === "all" ? [] : backup.guests;
    return [
      ...storageProblem(site, ["backups", id, "storage"], backup.storage, "backup"),
      ...chosen.flatMap((name, index) =>
        site.guests[name]
          ? []
          : [
              problem(
                ["backups", id, "guests", index],
                `there is no guest "${name}"; ${choices("guests", site.guests)}`,
              ),
            ],
      ),
    ];
  });
}

interface StorageUse {
  path: string[];
  storage: string;
  content: Site["storages"][string]["content"][number];
}

/** Every place where a guest names a storage, and what it puts there. */
export function storageUses(guest: Guest): StorageUse[] {
  if (guest.type === "container") {
    return [
      { path: ["disk", "storage"], storage: guest.disk.storage, content: "rootdir" },
      { path: ["templateStorage"], storage: guest.templateStorage, content: "vztmpl" },
    ];
  }
  const disks = Object.entries(guest.disks).map(([name, disk]): StorageUse => ({
    path: ["disks", name, "storage"],
    storage: disk.storage,
    content: "images",
  }));
  const iso = guest.iso?.split(":")[0];
  return iso === undefined ? disks : [...disks, { path: ["iso"], storage: iso, content: "iso" }];
}

/** Storages that every Proxmox VE installation has, on each node its own. */
export const LOCAL_STORAGES: Record<string, StorageUse["content"][]> = {
  local: ["iso", "vztmpl", "backup", "import"],
  "local-lvm": ["images", "rootdir"],
};

function storageProblem(
  site: Site,
  path: Problem["path"],
  name: string,
  content: StorageUse["content"],
): Problem[] {
  const offered = site.storages[name]?.content ?? LOCAL_STORAGES[name];
  if (!offered) {
    const known = { ...site.storages, ...LOCAL_STORAGES };
    return [problem(path, `there is no storage "${name}"; ${choices("storages", known)}`)];
  }
  if (offered.includes(content)) return [];
  return [
    problem(path, `storage ${name} does not hold ${content}; add it to storages.${name}.content`),
  ];
}

function addressesOf(site: Site): { path: (string | number)[]; address: string }[] {
  const of = (section: "nodes" | "hosts"): { path: string[]; address: string }[] =>
    Object.entries(site[section]).map(([name, { address }]) => ({
      path: [section, name, "address"],
      address,
    }));
  const guests = guestsOf(site).flatMap(([key, guest]) =>
    guest.type === "container" && guest.address !== "dhcp"
      ? [{ path: ["guests", key, "address"], address: guest.address.split("/")[0] ?? "" }]
      : [],
  );
  return [...of("nodes"), ...of("hosts"), ...guests];
}

function guestsOf(site: Site): [string, Guest][] {
  return Object.entries(site.guests);
}

function choices(section: string, entries: Record<string, unknown>): string {
  const names = Object.keys(entries);
  return names.length === 0 ? `${section} is empty` : `${section} has ${names.join(", ")}`;
}

function problem(path: Problem["path"], message: string): Problem {
  return { path, message };
}
