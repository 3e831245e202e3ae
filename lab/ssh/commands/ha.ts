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
          const { resources } = site.pmxcfs(host.name).ha;
          const blocks = Object.entries(resources).map(
            ([id, resource]) => `${id}\n\tstate ${resource.state}\n`,
          );
          return ok(blocks.join("\n"));
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
