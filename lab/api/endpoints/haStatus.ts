import type { Endpoint } from "../endpoint";
import { choice } from "../schema";
import { audit, console_ } from "./haFields";

/** What the HA manager is at, and switching it off for maintenance (PVE::API2::HA::Status). */
export const haStatusEndpoints: Endpoint[] = [
  {
    method: "GET",
    path: "/cluster/ha/status/current",
    returns: "array",
    parameters: {},
    permissions: audit,
    handle: ({ site, node }) => site.ha.status(node),
  },
  {
    method: "GET",
    path: "/cluster/ha/status/manager_status",
    returns: "object",
    parameters: {},
    permissions: audit,
    handle: ({ site, node }) => site.ha.managerStatus(node),
  },
  {
    method: "POST",
    path: "/cluster/ha/status/disarm-ha",
    returns: "null",
    parameters: { "resource-mode": choice("freeze", "ignore") },
    permissions: console_,
    handle: ({ site, node, params }) => {
      site.ha.command(node, `disarm-ha ${String(params["resource-mode"])}`);
      return null;
    },
  },
  {
    method: "POST",
    path: "/cluster/ha/status/arm-ha",
    returns: "null",
    parameters: {},
    permissions: console_,
    handle: ({ site, node }) => {
      site.ha.command(node, "arm-ha");
      return null;
    },
  },
];
