import { addToPool } from "../../access/pools";
import { makeBases } from "../../guests/bases";
import { checkClone, cloneGuest, type CloneRequest } from "../../guests/clone";
import { GUEST_WORD, requireGuest, requireUnlocked, requireWritable } from "../../guests/config";
import { guestHas } from "../../guests/features";
import { isRunning } from "../../guests/power";
import { requireSnapshot } from "../../guests/snapshots";
import { DRIVES } from "../../guests/vmOptions";
import { storageIn, volumesIn } from "../../guests/volumes";
import type { Guest } from "../../state/types";
import type { Call, Endpoint } from "../endpoint";
import { die, noQuorum } from "../errors";
import { choice, flag, optional, standard, text, whole } from "../schema";
import { audit, guestPath, requirePool, snapshotName } from "./guestCommon";

/** Copies of guests, templates, and what can be copied how. */
export function cloneEndpoints(type: Guest["type"]): Endpoint[] {
  const base = `/nodes/{node}/${type}/{vmid}`;
  const find = ({ site, node, params }: Call): Guest =>
    requireGuest(site, node, type, Number(params.vmid));
  const ofType =
    type === "qemu"
      ? {
          name: optional(text({ format: "dns-name" })),
          format: optional(choice("raw", "qcow2", "vmdk")),
          bwlimit: optional(whole(0)),
        }
      : {
          hostname: optional(text({ format: "dns-name" })),
          bwlimit: optional({ type: "number", minimum: 0 } as const),
        };
  return [
    {
      method: "POST",
      path: `${base}/clone`,
      returns: "string",
      parameters: {
        ...guestPath,
        ...ofType,
        description: optional(text()),
        full: optional(flag()),
        newid: standard.vmid,
        pool: optional(text({ format: "pve-poolid" })),
        snapname: optional(snapshotName),
        storage: optional(standard.storage),
        target: optional(standard.node),
      },
      permissions: {
        check: [
          "and",
          ["perm", "/vms/{vmid}", ["VM.Clone"]],
          [
            "or",
            ["perm", "/vms/{newid}", ["VM.Allocate"]],
            ["perm", "/pool/{pool}", ["VM.Allocate"], { require_param: "pool" }],
          ],
        ],
      },
      proxyto: "node",
      handle: (call) => clone(call, find(call)),
    },
    {
      method: "POST",
      path: `${base}/template`,
      returns: type === "qemu" ? "string" : "null",
      parameters: {
        ...guestPath,
        ...(type === "qemu" ? { disk: optional(choice(...DRIVES)) } : {}),
      },
      permissions: { check: ["perm", "/vms/{vmid}", ["VM.Allocate"]] },
      proxyto: "node",
      handle: (call) => {
        const { site, node, caller, params } = call;
        const disk = params.disk === undefined ? undefined : String(params.disk);
        checkTemplate(call, find(call), disk);
        const task = type === "qemu" ? "qmtemplate" : "vztemplate";
        const upid = site.tasks.start(node, task, String(params.vmid), caller.name, () => {
          const guest = find(call);
          checkTemplate(call, guest, disk);
          requireWritable(site, guest);
          guest.config.template = "1";
          makeBases(site, guest, disk);
        });
        // A container's template is made by a task that nobody is told of.
        return type === "qemu" ? upid : null;
      },
    },
    {
      method: "GET",
      path: `${base}/feature`,
      returns: "object",
      parameters: {
        ...guestPath,
        feature: choice("snapshot", "clone", "copy"),
        snapname: optional(snapshotName),
      },
      permissions: audit,
      proxyto: "node",
      handle: (call) => {
        const { site, params } = call;
        const guest = find(call);
        const snapname = params.snapname === undefined ? undefined : String(params.snapname);
        const config =
          snapname === undefined ? guest.config : requireSnapshot(guest, snapname).config;
        const feature = params.feature as "snapshot" | "clone" | "copy";
        const has = guestHas(site, guest, config, feature, snapname);
        return {
          hasFeature: has ? 1 : 0,
          ...(type === "qemu" ? { nodes: sharedNodes(call, config) } : {}),
        };
      },
    },
  ];
}

function checkTemplate({ site }: Call, guest: Guest, disk: string | undefined): void {
  const word = GUEST_WORD[guest.type];
  requireUnlocked(guest);
  if (Object.keys(guest.snapshots ?? {}).length > 0) {
    throw die(`unable to create template, because ${word} contains snapshots`);
  }
  if (guest.config.template === "1" && disk === undefined) {
    throw die("you can't convert a template to a template");
  }
  if (!isRunning(site, guest)) return;
  throw die(
    guest.type === "qemu"
      ? "you can't convert a VM to template if VM is running"
      : "you can't convert a CT to template if the CT is running",
  );
}

function clone(call: Call, guest: Guest): string {
  const { site, node, caller, params } = call;
  if (params.pool !== undefined) requirePool(site.pmxcfs(node), String(params.pool));
  if (!site.quorum.isQuorate(node)) throw noQuorum();
  const target = params.target === undefined ? node : String(params.target);
  if (!site.members(node).includes(target)) throw die(`no such cluster node '${target}'`);
  const name = params.name ?? params.hostname;
  const given = (key: string): Record<string, string> =>
    params[key] === undefined ? {} : { [key]: String(params[key]) };
  const request: CloneRequest = {
    newid: Number(params.newid),
    ...given("snapname"),
    ...given("storage"),
    ...given("format"),
    ...given("description"),
    ...(params.full === undefined ? {} : { full: params.full === 1 }),
    ...(target === node ? {} : { target }),
    ...(name === undefined ? {} : { name: String(name) }),
  };
  for (const { volid, cdrom, kind } of volumesIn(guest.type, guest.config)) {
    if (cdrom || kind !== "volume") continue;
    const path = `/storage/${request.storage ?? storageIn(volid)}`;
    site.access.require(node, caller, path, ["Datastore.AllocateSpace"]);
  }
  checkClone(site, guest, request);
  const task = guest.type === "qemu" ? "qmclone" : "vzclone";
  return site.tasks.start(node, task, String(guest.vmid), caller.name, (log) => {
    cloneGuest(site, guest, request, log);
    if (params.pool !== undefined) {
      addToPool(site.pmxcfs(node), request.newid, String(params.pool));
    }
  });
}

/** Nodes that see every volume of the VM. */
function sharedNodes({ site, node }: Call, config: Record<string, string>): string[] {
  const used = volumesIn("qemu", config)
    .filter(({ kind }) => kind === "volume")
    .map(({ volid }) => site.storages.config(node, storageIn(volid)));
  return site
    .members(node)
    .filter((name) =>
      used.every(
        (storage) =>
          site.storages.enabledOn(storage, name) &&
          (name === node || storage.nodes !== undefined || site.storages.isShared(storage)),
      ),
    );
}
