import { addRepository, describeRepositories, switchRepository } from "../../node/apt";
import type { Endpoint } from "../endpoint";
import { flag, optional, standard, text, whole } from "../schema";

const node = standard.node;
const digest = optional(text({ maxLength: 80 }));
const path = "/nodes/{node}/apt/repositories";

/** Package sources of a node, which are files on it. */
export const aptEndpoints: Endpoint[] = [
  {
    method: "GET",
    path,
    returns: "object",
    parameters: { node },
    permissions: { check: ["perm", "/nodes/{node}", ["Sys.Audit"]] },
    proxyto: "node",
    handle: ({ site, node: where }) => describeRepositories(site, where),
  },
  {
    method: "POST",
    path,
    returns: "null",
    parameters: { node, path: text(), index: whole(), enabled: optional(flag()), digest },
    permissions: { check: ["perm", "/nodes/{node}", ["Sys.Modify"]] },
    proxyto: "node",
    handle: ({ site, node: where, params }) => {
      switchRepository(site, where, {
        path: String(params.path),
        index: Number(params.index),
        enabled: params.enabled,
        digest: params.digest,
      });
      return null;
    },
  },
  {
    method: "PUT",
    path,
    returns: "null",
    parameters: { node, handle: text(), digest },
    permissions: { check: ["perm", "/nodes/{node}", ["Sys.Modify"]] },
    proxyto: "node",
    handle: ({ site, node: where, params }) => {
      addRepository(site, where, String(params.handle), params.digest);
      return null;
    },
  },
];
