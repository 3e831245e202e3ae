import { guestSeries, nodeSeries, storageSeries } from "../../node/rrd";
import type { Call, Endpoint, Permissions } from "../endpoint";
import { die } from "../errors";
import { choice, optional, standard } from "../schema";

const cf = optional(choice("AVERAGE", "MAX"));
const FRAMES = ["hour", "day", "week", "month", "year"];
const timeframe = choice(...FRAMES);
const guest: Permissions = { check: ["perm", "/vms/{vmid}", ["VM.Audit"]] };

/** What a node, guest or storage was like over time, for graphs. */
export const rrdEndpoints: Endpoint[] = [
  {
    method: "GET",
    path: "/nodes/{node}/rrddata",
    returns: "array",
    parameters: { node: standard.node, timeframe: choice(...FRAMES, "decade"), cf },
    permissions: { check: ["perm", "/nodes/{node}", ["Sys.Audit"]] },
    handle: ({ site, node, params }) => {
      const name = String(params.node) === "localhost" ? node : String(params.node);
      if (!site.members(node).includes(name)) throw missing("node", name);
      return nodeSeries(site, name, String(params.timeframe));
    },
  },
  ...(["qemu", "lxc"] as const).map((type): Endpoint => ({
    method: "GET",
    path: `/nodes/{node}/${type}/{vmid}/rrddata`,
    returns: "array",
    parameters: { node: standard.node, vmid: standard.vmid, timeframe, cf },
    permissions: guest,
    handle: guestData,
  })),
  {
    method: "GET",
    path: "/nodes/{node}/storage/{storage}/rrddata",
    returns: "array",
    parameters: { node: standard.node, storage: standard.storage, timeframe, cf },
    permissions: {
      check: [
        "perm",
        "/storage/{storage}",
        ["Datastore.Audit", "Datastore.AllocateSpace"],
        { any: 1 },
      ],
    },
    proxyto: "node",
    handle: ({ site, node, params }) => {
      const id = String(params.storage);
      if (!site.storages.usableOn(node).includes(id)) throw missing("storage", `${node}/${id}`);
      return storageSeries(site, node, id, String(params.timeframe));
    },
  },
];

function guestData({ site, node, params }: Call): Record<string, number>[] {
  const found = site.pmxcfs(node).guests[String(params.vmid)];
  if (!found) throw missing("vm", String(params.vmid));
  return guestSeries(site, found, String(params.timeframe));
}

function missing(kind: string, name: string) {
  const file = `/var/lib/rrdcached/db/pve-${kind}-9.0/${name}`;
  return die(`RRD error: opening '${file}': No such file or directory`);
}
