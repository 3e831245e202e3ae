import { listedExports } from "../../storage/exports";
import type { Endpoint, Permissions } from "../endpoint";
import { die } from "../errors";
import { standard, text } from "../schema";

const allocate: Permissions = { check: ["perm", "/storage", ["Datastore.Allocate"]] };
const { node } = standard;

/** What could become a storage. */
export const storageScanEndpoints: Endpoint[] = [
  {
    method: "GET",
    path: "/nodes/{node}/scan/nfs",
    returns: "array",
    parameters: { node, server: text({ format: "pve-storage-server" }) },
    permissions: allocate,
    proxyto: "node",
    handle: ({ site, node: here, params }) => {
      const server = String(params.server);
      if (!site.hostAt(server) && !/^[\d.:a-f]+$/i.test(server)) {
        throw die(`unable to resolve address for server '${server}'`);
      }
      const paths = listedExports(site, here, server);
      if (!paths) {
        throw die(`command '/sbin/showmount --no-headers --exports ${server}' failed: exit code 1`);
      }
      return paths.map((path) => ({ path, options: "*" }));
    },
  },
];
