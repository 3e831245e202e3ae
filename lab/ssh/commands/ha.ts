import { callAsRoot } from "../../api/dispatch";
import { type Release, releaseOf } from "../../api/version";
import { asPveCommand, type Commands, fail, ok, parseArgs } from "../command";

type Row = Record<string, unknown>;

const GROUPS = "/cluster/ha/groups";

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
          const rows = (await callAsRoot(site, host.name, "GET", "/cluster/ha/resources")) as Row[];
          const sorted = sortedBy(rows, "sid");
          const blocks = sorted.map((row) => `${String(row.sid)}\n${fieldsOf(row)}\n`);
          return { ...ok(blocks.join("")), stderr: sorted.map(problemsOf).join("") };
        }
        case "groupconfig": {
          const rows = (await callAsRoot(site, host.name, "GET", GROUPS)) as Row[];
          const blocks = sortedBy(rows, "group").map(
            (row) => `group: ${String(row.group)}\n${fieldsOf(row)}\n`,
          );
          return ok(blocks.join(""));
        }
        case "groupadd":
          await callAsRoot(site, host.name, "POST", GROUPS, { group: sid, ...options });
          return ok();
        case "groupset":
          await callAsRoot(site, host.name, "PUT", `${GROUPS}/${sid}`, options);
          return ok();
        case "groupremove":
          await callAsRoot(site, host.name, "DELETE", `${GROUPS}/${sid}`);
          return ok();
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
          const line = crmCommand(positional.slice(1), releaseOf(host));
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
function crmCommand(
  [verb, first = "", second = ""]: string[],
  release: Release,
): string | undefined {
  // Since pve-ha-manager 5.1.3.
  if (release === 8 && (verb === "disarm-ha" || verb === "arm-ha")) return undefined;
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

function sortedBy(rows: Row[], key: string): Row[] {
  return [...rows].sort((a, b) => (String(a[key]) < String(b[key]) ? -1 : 1));
}

function problemsOf({ errors = {} }: Row): string {
  return Object.entries(errors as Record<string, string>)
    .map(([property, text]) => `error: property '${property}' - ${text}\n`)
    .join("");
}

/** All but what names the row. */
function fieldsOf(row: Row): string {
  const named = row.sid === undefined ? "group" : "sid";
  return Object.keys(row)
    .filter((key) => !["digest", "errors", "type", named].includes(key))
    .sort()
    .map((key) => `\t${key} ${String(row[key])}\n`)
    .join("");
}
