import { cloudInitEntries, regenerate } from "../../guests/cloudInit";
import { requireGuest, requireUnlocked } from "../../guests/config";
import type { Endpoint } from "../endpoint";
import { audit, guestPath } from "./guestCommon";

/** What a VM's cloud-init drive holds, and writing it anew from the configuration. */
export const cloudInitEndpoints: Endpoint[] = [
  {
    method: "GET",
    path: "/nodes/{node}/qemu/{vmid}/cloudinit",
    returns: "array",
    parameters: guestPath,
    permissions: audit,
    proxyto: "node",
    handle: ({ site, node, params }) =>
      cloudInitEntries(requireGuest(site, node, "qemu", Number(params.vmid))),
  },
  {
    method: "PUT",
    path: "/nodes/{node}/qemu/{vmid}/cloudinit",
    returns: "null",
    parameters: guestPath,
    permissions: { check: ["perm", "/vms/{vmid}", ["VM.Config.Cloudinit"]] },
    proxyto: "node",
    handle: ({ site, node, params }) => {
      const guest = requireGuest(site, node, "qemu", Number(params.vmid));
      requireUnlocked(guest);
      regenerate(guest);
      return null;
    },
  },
];
