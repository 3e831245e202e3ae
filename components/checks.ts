import { type Draft, type DraftSite, entries, missing, problem } from "./draft";
import { affinities, newInRelease9, startOfHaGuests } from "./ha/checks";
import type { Problem } from "./problems";
import type { Guest, Site } from "./schema";
import { isInNetwork, parseCidr } from "./values";

type Content = Site["storages"][string]["content"][number];
type Path = Problem["path"];

/** What must hold between parts of the file; what each value must be, the schema says. */
const CHECKS: ((site: DraftSite) => Problem[])[] = [
  uniqueVmids,
  uniqueAddresses,
  addressesInNetwork,
  secondLinks,
  namesOfHosts,
  namesOfStorages,
  nodesOfGuests,
  storagesOfGuests,
  poolsOfGuests,
  startOfHaGuests,
  affinities,
  newInRelease9,
  backupsFit,
];

export function crossCheck(site: DraftSite): Problem[] {
  return CHECKS.flatMap((check) => check(site));
}

function uniqueVmids(site: DraftSite): Problem[] {
  const owner = new Map<number, string>();
  return entries(site.guests).flatMap(([key, { vmid }]) => {
    if (vmid === undefined) return [];
    const other = owner.get(vmid);
    owner.set(vmid, other ?? key);
    if (other === undefined) return [];
    return problem(
      ["guests", key, "vmid"],
      `${vmid} is also the VMID of guests.${other}; give each guest its own`,
    );
  });
}

function uniqueAddresses(site: DraftSite): Problem[] {
  const owner = new Map<string, string>();
  return addressesOf(site).flatMap(({ path, address }) => {
    const where = path.slice(0, -1).join(".");
    const other = owner.get(address);
    owner.set(address, other ?? where);
    if (other === undefined) return [];
    return problem(path, `${address} is also the address of ${other}; give each its own`);
  });
}

function addressesInNetwork(site: DraftSite): Problem[] {
  const cidr = site.network?.cidr;
  if (cidr === undefined) return [];
  const router = site.network?.gateway;
  const gateways = entries(site.guests).flatMap(([key, guest]) =>
    guest.type === "container" && guest.gateway !== undefined
      ? [{ path: ["guests", key, "gateway"], address: guest.gateway }]
      : [],
  );
  if (router !== undefined) gateways.push({ path: ["network", "gateway"], address: router });
  return [...addressesOf(site), ...gateways]
    .filter(({ address }) => !isInNetwork(address, cidr))
    .flatMap(({ path, address }) =>
      problem(
        path,
        `${address} is not in the site's network ${cidr} (network.cidr); correct one of them`,
      ),
    );
}

/** Every node has the same links, or corosync would leave some out. */
function secondLinks(site: DraftSite): Problem[] {
  const linked = entries(site.nodes).filter(([, { link1 }]) => link1 !== undefined);
  if (linked.length === 0) return [];
  return entries(site.nodes).flatMap(([name, { link1 }]) => {
    const path = ["nodes", name, "link1"];
    if (link1 === undefined) {
      return problem(path, "other nodes have a second link; give this one an address too");
    }
    const other = linked.find(([key, node]) => key !== name && node.link1 === link1)?.[0];
    return other === undefined
      ? []
      : problem(path, `${link1} is also link1 of nodes.${other}; give each its own`);
  });
}

function namesOfHosts({ cluster, nodes, hosts, storages }: DraftSite): Problem[] {
  const witness = cluster?.witness;
  const isNode = witness !== undefined && nodes !== undefined && Object.hasOwn(nodes, witness);
  return [
    ...missing(["cluster", "founder"], "node", cluster?.founder, nodes),
    ...(isNode
      ? problem(
          ["cluster", "witness"],
          `${witness} is a node, and its vote would be lost with it; name one of hosts`,
        )
      : missing(["cluster", "witness"], "host", witness, hosts)),
    ...Object.keys(hosts ?? {}).flatMap((name) =>
      nodes !== undefined && Object.hasOwn(nodes, name)
        ? problem(["hosts", name], "this name is also a node's; give the host another")
        : [],
    ),
    ...entries(storages).flatMap(([id, { server }]) =>
      missing(["storages", id, "server"], "host", server, hosts),
    ),
  ];
}

function namesOfStorages({ storages }: DraftSite): Problem[] {
  return Object.keys(storages ?? {})
    .filter((id) => Object.hasOwn(LOCAL_STORAGES, id))
    .flatMap((id) =>
      problem(
        ["storages", id],
        "every Proxmox VE node has a storage of this name; give this one another",
      ),
    );
}

function nodesOfGuests(site: DraftSite): Problem[] {
  return entries(site.guests).flatMap(([key, guest]) => [
    ...missing(["guests", key, "node"], "node", guest.node, site.nodes),
    ...entries(guest.ha?.nodes).flatMap(([name]) =>
      missing(["guests", key, "ha", "nodes", name], "node", name, site.nodes),
    ),
  ]);
}

function storagesOfGuests(site: DraftSite): Problem[] {
  return entries(site.guests).flatMap(([key, guest]) =>
    storageUses(guest).flatMap(({ path, storage, content }) =>
      storageProblem(site, ["guests", key, ...path], storage, content),
    ),
  );
}

function poolsOfGuests({ guests, pools }: DraftSite): Problem[] {
  return entries(guests).flatMap(([key, { pool }]) =>
    missing(["guests", key, "pool"], "pool", pool, pools),
  );
}

function backupsFit(site: DraftSite): Problem[] {
  return entries(site.backups).flatMap(([id, { storage, guests }]) => [
    ...storageProblem(site, ["backups", id, "storage"], storage, "backup"),
    ...(Array.isArray(guests) ? guests : []).flatMap((name, index) =>
      missing(["backups", id, "guests", index], "guest", name, site.guests),
    ),
  ]);
}

interface StorageUse {
  path: string[];
  storage: string | undefined;
  content: Content;
}

/** Every place where a guest names a storage, and what it puts there. */
function storageUses(guest: Draft<Guest>): StorageUse[] {
  if (guest.type === "container") {
    return [
      { path: ["disk", "storage"], storage: guest.disk?.storage, content: "rootdir" },
      { path: ["templateStorage"], storage: guest.templateStorage, content: "vztmpl" },
    ];
  }
  if (guest.type !== "vm") return [];
  const disks = entries(guest.disks).map(([name, disk]): StorageUse => ({
    path: ["disks", name, "storage"],
    storage: disk.storage,
    content: "images",
  }));
  return [...disks, { path: ["iso"], storage: guest.iso?.split(":")[0], content: "iso" }];
}

/** Storages that every Proxmox VE installation has, on each node its own, and what they hold as installed. */
const LOCAL_STORAGES: Record<string, Content[]> = {
  local: ["iso", "vztmpl", "backup", "import"],
  "local-lvm": ["images", "rootdir"],
};

function storageProblem(
  { storages }: DraftSite,
  path: Path,
  name: string | undefined,
  content: Content,
): Problem[] {
  if (name === undefined || storages === undefined) return [];
  if (Object.hasOwn(LOCAL_STORAGES, name)) {
    if (LOCAL_STORAGES[name]?.includes(content)) return [];
    return problem(path, `storage ${name} does not hold ${content}; choose another`);
  }
  if (!Object.hasOwn(storages, name)) {
    return missing(path, "storage", name, { ...storages, ...LOCAL_STORAGES });
  }
  const offered = storages[name]?.content;
  if (offered === undefined || offered.includes(content)) return [];
  return problem(
    path,
    `storage ${name} does not hold ${content}; add it to storages.${name}.content`,
  );
}

function addressesOf(site: DraftSite): { path: Path; address: string }[] {
  const hosts = (["nodes", "hosts"] as const).flatMap((section) =>
    entries(site[section]).map(([name, { address }]) => ({
      path: [section, name, "address"],
      address,
    })),
  );
  const guests = entries(site.guests).map(([key, guest]) => ({
    path: ["guests", key, "address"],
    address: guest.type === "container" ? parseCidr(guest.address ?? "")?.address : undefined,
  }));
  return [...hosts, ...guests].flatMap(({ path, address }) =>
    address === undefined ? [] : [{ path, address }],
  );
}
