import { callAsRoot } from "../../api/dispatch";
import { asPveCommand, type Commands, fail, ok, parseArgs } from "../command";

export const haCommands: Commands = {
  "ha-manager": (args, { site, host }) =>
    asPveCommand(async () => {
      const { positional, options } = parseArgs(args);
      const [verb = "", sid = ""] = positional;
      const path = `/cluster/ha/resources/${sid}`;
      switch (verb) {
        case "status":
          return ok(site.ha.statusText(host.name));
        case "config": {
          const rows = (await callAsRoot(
            site,
            host.name,
            "GET",
            "/cluster/ha/resources",
          )) as Record<string, unknown>[];
          const blocks = rows
            .sort((a, b) => (String(a.sid) < String(b.sid) ? -1 : 1))
            .map((row) => `${String(row.sid)}\n${fieldsOf(row)}\n`);
          return ok(blocks.join(""));
        }
        case "add":
          await callAsRoot(site, host.name, "POST", "/cluster/ha/resources", { sid, ...options });
          return ok();
        case "set":
          await callAsRoot(site, host.name, "PUT", path, options);
          return ok();
        case "remove":
          await callAsRoot(site, host.name, "DELETE", path);
          return ok();
        case "migrate":
        case "relocate": {
          const [, , node = ""] = positional;
          await callAsRoot(site, host.name, "POST", `${path}/${verb}`, { node });
          return ok();
        }
        case "crm-command": {
          const line = crmCommand(positional.slice(1));
          if (line === undefined) {
            return fail(`ERROR: unknown command 'ha-manager ${positional.join(" ")}'`, 255);
          }
          site.ha.command(host.name, line);
          return ok();
        }
        default:
          return fail(`ERROR: unknown command 'ha-manager ${verb}'`, 255);
      }
    }),
};

/** `node-maintenance enable pve02` → the line that the manager reads (CLI/ha_manager.pm). */
function crmCommand([verb, first = "", second = ""]: string[]): string | undefined {
  switch (verb) {
    case "migrate":
    case "relocate":
    case "stop":
      return `${verb} ${first} ${second}`;
    case "node-maintenance":
      return /^(enable|disable)$/.test(first) ? `${first}-node-maintenance ${second}` : undefined;
    case "disarm-ha":
      return /^(freeze|ignore)$/.test(first) ? `disarm-ha ${first}` : undefined;
    case "arm-ha":
      return "arm-ha";
    default:
      return undefined;
  }
}

function fieldsOf(row: Record<string, unknown>): string {
  return Object.keys(row)
    .filter((key) => !["digest", "sid", "type"].includes(key))
    .sort()
    .map((key) => `\t${key} ${String(row[key])}\n`)
    .join("");
}
