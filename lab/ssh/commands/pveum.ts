import { callAsRoot } from "../../api/dispatch";
import type { Site } from "../../site";
import { asPveCommand, type Commands, fail, ok, parseArgs } from "../command";
import { asText } from "./pvesh";

interface Mapping {
  method: string;
  /** `{0}`, `{1}` are the words after the subcommand. */
  path: string;
  /** Parameters that come as words. */
  words?: string[];
}

/** `pveum GROUP VERB` → API, as CLI/pveum.pm maps it. */
const MAPPINGS: Record<string, Mapping> = {
  "group add": { method: "POST", path: "/access/groups", words: ["groupid"] },
  "group modify": { method: "PUT", path: "/access/groups/{0}" },
  "group delete": { method: "DELETE", path: "/access/groups/{0}" },
  "group list": { method: "GET", path: "/access/groups" },
  "realm add": { method: "POST", path: "/access/domains", words: ["realm"] },
  "realm modify": { method: "PUT", path: "/access/domains/{0}" },
  "realm delete": { method: "DELETE", path: "/access/domains/{0}" },
  "realm list": { method: "GET", path: "/access/domains" },
  "role add": { method: "POST", path: "/access/roles", words: ["roleid"] },
  "role modify": { method: "PUT", path: "/access/roles/{0}" },
  "role delete": { method: "DELETE", path: "/access/roles/{0}" },
  "role list": { method: "GET", path: "/access/roles" },
  "user add": { method: "POST", path: "/access/users", words: ["userid"] },
  "user modify": { method: "PUT", path: "/access/users/{0}" },
  "user delete": { method: "DELETE", path: "/access/users/{0}" },
  "user list": { method: "GET", path: "/access/users" },
  "user token add": { method: "POST", path: "/access/users/{0}/token/{1}" },
  "user token modify": { method: "PUT", path: "/access/users/{0}/token/{1}" },
  "user token remove": { method: "DELETE", path: "/access/users/{0}/token/{1}" },
  "user token delete": { method: "DELETE", path: "/access/users/{0}/token/{1}" },
  "user token list": { method: "GET", path: "/access/users/{0}/token" },
  "acl modify": { method: "PUT", path: "/access/acl", words: ["path"] },
  "acl delete": { method: "PUT", path: "/access/acl", words: ["path"] },
  "acl list": { method: "GET", path: "/access/acl" },
};

export const pveumCommands: Commands = {
  pveum: (args, { site, host, stdin }) =>
    asPveCommand(async () => {
      const { positional, options } = parseArgs(args);
      if (positional[0] === "passwd") return setPassword(site, host.name, positional[1], stdin);
      const depth = positional[1] === "token" ? 3 : 2;
      const name = positional.slice(0, depth).join(" ");
      const mapping = MAPPINGS[name];
      if (!mapping) return fail(`ERROR: unknown command 'pveum ${name}'`, 255);
      const words = positional.slice(depth);
      const path = mapping.path.replace(/\{(\d)\}/g, (_, index: string) =>
        encodeURIComponent(words[Number(index)] ?? ""),
      );
      const named = Object.fromEntries(
        (mapping.words ?? []).map((key, index) => [key, words[index] ?? ""]),
      );
      const { "output-format": format, ...params } = options;
      const extra = name === "acl delete" ? { delete: "1" } : {};
      const result = await callAsRoot(site, host.name, mapping.method, path, {
        ...params,
        ...named,
        ...extra,
      });
      if (format?.startsWith("json")) return ok(`${JSON.stringify(result)}\n`);
      return ok(asText(result));
    }),
};

/** Asks twice. Where standard input is no terminal, each answer is a line of it (PVE::PTY). */
async function setPassword(site: Site, node: string, userid = "", stdin: string) {
  const [password, again] = stdin.split("\n");
  if (!stdin.includes("\n") || again === undefined) return fail("EOF while reading password", 255);
  if (password !== again) return fail("Passwords do not match.", 255);
  await callAsRoot(site, node, "PUT", "/access/password", { userid, password });
  return ok();
}
