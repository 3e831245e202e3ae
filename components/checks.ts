import { copiesFit, selectionsOfBackups, storagesOfBackups } from "./backup/checks";
import { accessFits } from "./accounts/checks";
import { type Draft, type DraftSite, entries, missing, problem } from "./draft";
import { type AddressUse, addressesOfGuest, gatewaysOfGuest, uniqueMacs } from "./guest/addresses";
import { clones } from "./guest/cloneChecks";
import { machines } from "./guest/vmChecks";
import { affinities, newInRelease9, startOfHaGuests } from "./ha/checks";
import { mediaOfGuests, mediaOnStorages, namesOfMedia } from "./media/checks";
import { mailTargets, namesOfNotifications } from "./notifications/checks";
import { namesOfSystem, timeServersOfHosts } from "./system/checks";
import { firewalls } from "./firewall/checks";
import { metricServersFit } from "./metrics/checks";
import { addressesOfInterfaces } from "./network/addresses";
import { interfaces } from "./network/checks";
import { bridgesOfGuests } from "./network/guests";
import type { Problem } from "./problems";
import type { Guest } from "./schema";
import { replicas } from "./replication/checks";
import { hostsOfStorages, namesOfStorages, storagesOfGuests } from "./storage/checks";
import { isInNetwork } from "./values";

/** What must hold between parts of the file; what each value must be, the schema says. */
const CHECKS: ((site: DraftSite) => Problem[])[] = [
  uniqueVmids,
  formerKeys,
  uniqueAddresses,
  addressesInNetwork,
  secondLinks,
  interfaces,
  addressesOfInterfaces,
  bridgesOfGuests,
  namesOfHosts,
  namesOfStorages,
  hostsOfStorages,
  nodesOfGuests,
  storagesOfGuests,
  namesOfMedia,
  mediaOnStorages,
  mediaOfGuests,
  poolsOfGuests,
  uniqueMacs,
  machines,
  clones,
  startOfHaGuests,
  affinities,
  newInRelease9,
  storagesOfBackups,
  selectionsOfBackups,
  copiesFit,
  timeServersOfHosts,
  namesOfSystem,
  firewalls,
  metricServersFit,
  accessFits,
  mailTargets,
  namesOfNotifications,
  replicas,
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

function formerKeys(site: DraftSite): Problem[] {
  const owner = new Map<string, string>();
  return entries(site.guests).flatMap(([key, { renamedFrom }]) => {
    if (renamedFrom === undefined) return [];
    const path = ["guests", key, "renamedFrom"];
    const other = owner.get(renamedFrom);
    owner.set(renamedFrom, other ?? key);
    if (Object.hasOwn(site.guests ?? {}, renamedFrom)) {
      return problem(path, `guests.${renamedFrom} is still there; take it out, or this`);
    }
    if (other === undefined) return [];
    return problem(path, `guests.${other} was ${renamedFrom} too; only one guest can have been it`);
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
  const gateways = ofGuests(site, gatewaysOfGuest);
  if (router !== undefined)
    gateways.push({ path: ["network", "gateway"], address: router, inSite: true });
  return [...addressesOf(site), ...gateways]
    .filter(({ address, inSite }) => inSite && !isInNetwork(address, cidr))
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

function namesOfHosts({ cluster, nodes, hosts }: DraftSite): Problem[] {
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
  ];
}

function nodesOfGuests(site: DraftSite): Problem[] {
  return entries(site.guests).flatMap(([key, guest]) => [
    ...missing(["guests", key, "node"], "node", guest.node, site.nodes),
    ...entries(guest.ha?.nodes).flatMap(([name]) =>
      missing(["guests", key, "ha", "nodes", name], "node", name, site.nodes),
    ),
  ]);
}

function poolsOfGuests({ guests, pools }: DraftSite): Problem[] {
  return entries(guests).flatMap(([key, { pool }]) =>
    missing(["guests", key, "pool"], "pool", pool, pools),
  );
}

function addressesOf(site: DraftSite): AddressUse[] {
  const hosts = (["nodes", "hosts"] as const).flatMap((section) =>
    entries(site[section]).flatMap(([name, { address }]) =>
      address === undefined ? [] : [{ path: [section, name, "address"], address, inSite: true }],
    ),
  );
  return [...hosts, ...ofGuests(site, addressesOfGuest)];
}

function ofGuests(site: DraftSite, read: (guest: Draft<Guest>) => AddressUse[]): AddressUse[] {
  return entries(site.guests).flatMap(([key, guest]) =>
    read(guest).map((use) => ({ ...use, path: ["guests", key, ...use.path] })),
  );
}
