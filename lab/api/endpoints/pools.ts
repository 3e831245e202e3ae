import type { Endpoint } from "../endpoint";
import { flag, optional, text } from "../schema";

/** No pools yet: the provider asks for the list at every read of a VM. */
export const poolEndpoints: Endpoint[] = [
  {
    method: "GET",
    path: "/pools",
    parameters: { poolid: optional(text()), type: optional(text()), full: optional(flag()) },
    permissions: { user: "all" },
    handle: () => [],
  },
];
