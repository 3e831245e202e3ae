import { digestOf } from "../../guests/config";
import {
  addResource,
  describeResource,
  listResources,
  removeResource,
  requestMotion,
  requireResource,
  resourceId,
  updateResource,
} from "../../ha/resources";
import type { Endpoint } from "../endpoint";
import { splitList } from "../formats";
import { choice, flag, optional, standard, text, whole } from "../schema";
import { audit, comment, console_, remove } from "./haFields";

const sid = text({ format: "pve-ha-resource-or-vm-id" });
const resourceFields = {
  comment,
  failback: optional(flag()),
  group: optional(text({ format: "pve-configid" })),
  max_relocate: optional(whole(0)),
  max_restart: optional(whole(0)),
  state: optional(choice("started", "stopped", "enabled", "disabled", "ignored")),
};

/** HA resources (PVE::API2::HA::Resources). All of it is synchronous; the manager acts later. */
export const haResourceEndpoints: Endpoint[] = [
  {
    method: "GET",
    path: "/cluster/ha/resources",
    returns: "array",
    parameters: { type: optional(choice("vm", "ct")) },
    permissions: audit,
    handle: ({ site, node, params }) =>
      listResources(site, node).filter(
        ({ type }) => params.type === undefined || type === params.type,
      ),
  },
  {
    method: "POST",
    path: "/cluster/ha/resources",
    returns: "null",
    parameters: { sid, type: optional(choice("vm", "ct")), ...resourceFields },
    permissions: console_,
    handle: ({ site, node, params }) => {
      addResource(site, node, resourceId(site, node, String(params.sid)), params);
      return null;
    },
  },
  {
    method: "GET",
    path: "/cluster/ha/resources/{sid}",
    returns: "object",
    parameters: { sid },
    permissions: audit,
    handle: ({ site, node, params }) => {
      const id = resourceId(site, node, String(params.sid));
      const described = describeResource(id, requireResource(site, node, id));
      return { ...described, digest: digestOf(described) };
    },
  },
  {
    method: "PUT",
    path: "/cluster/ha/resources/{sid}",
    returns: "null",
    parameters: { sid, delete: remove, digest: standard.digest, ...resourceFields },
    permissions: console_,
    handle: ({ site, node, params }) => {
      const id = resourceId(site, node, String(params.sid));
      updateResource(site, node, id, params, splitList(String(params.delete ?? "")));
      return null;
    },
  },
  {
    method: "DELETE",
    path: "/cluster/ha/resources/{sid}",
    returns: "null",
    parameters: { sid, purge: optional(flag()) },
    permissions: console_,
    handle: ({ site, node, params }) => {
      const id = resourceId(site, node, String(params.sid));
      removeResource(site, node, id, params.purge !== 0);
      return null;
    },
  },
  ...(["migrate", "relocate"] as const).map((motion): Endpoint => ({
    method: "POST",
    path: `/cluster/ha/resources/{sid}/${motion}`,
    returns: "object",
    parameters: { sid, node: standard.node },
    permissions: console_,
    handle: ({ site, node, params }) => {
      const id = resourceId(site, node, String(params.sid));
      const target = String(params.node);
      requestMotion(site, node, motion, id, target);
      return { sid: id, "requested-node": target };
    },
  })),
];
