import { callAsRoot } from "../../api/dispatch";
import { haStatusText } from "../../ha/status";
import { asPveCommand, type Commands, fail, ok, parseArgs } from "../command";

export const haCommands: Commands = {
  "ha-manager": (args, { site, host }) =>
    asPveCommand(async () => {
      const { positional, options } = parseArgs(args);
      const [verb = "", sid = ""] = positional;
      const path = `/cluster/ha/resources/${sid}`;
      switch (verb) {
        case "status":
          return ok(haStatusText(site, host.name));
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
        default:
          return fail(`ERROR: unknown command 'ha-manager ${verb}'`, 255);
      }
    }),
};

function fieldsOf(row: Record<string, unknown>): string {
  return Object.keys(row)
    .filter((key) => !["digest", "sid", "type"].includes(key))
    .sort()
    .map((key) => `\t${key} ${String(row[key])}\n`)
    .join("");
}
