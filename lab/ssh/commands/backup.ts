import { callAsRoot } from "../../api/dispatch";
import { asPveCommand, type CommandContext, type Commands, ok, parseArgs } from "../command";
import { finish } from "./finish";

const FLAGS = [
  "all",
  "force",
  "unique",
  "start",
  "ha-managed",
  "quiet",
  "stop",
  "protected",
  "live-restore",
];
/** `vzdump` and `qmrestore`: tasks that the shell waits for, with their log. */
export const backupCommands: Commands = {
  vzdump: (args, context) => {
    const { positional, options } = parseArgs(args, FLAGS);
    const vmids = positional.join(",");
    const params = { ...options, ...(vmids === "" ? {} : { vmid: vmids }) };
    const { node, ...rest } = params as Record<string, string>;
    // For another node there is nothing to do here, and that is no error.
    if (node !== undefined && node !== context.host.name) return ok();
    return follow(context, "/vzdump", rest);
  },
  qmrestore: (args, context) => {
    const { positional, options } = parseArgs(args, FLAGS);
    const [archive = "", vmid = ""] = positional;
    return follow(context, "/qemu", { ...options, archive, vmid });
  },
};

/** `pct restore VMID ARCHIVE`. */
export function pctRestore(args: string[], context: CommandContext) {
  const { positional, options } = parseArgs(args, FLAGS);
  const [vmid = "", ostemplate = ""] = positional;
  return follow(context, "/lxc", { ...options, vmid, ostemplate, restore: "1" });
}

/** Starts a task on this node and waits for it. */
function follow({ site, host }: CommandContext, path: string, params: Record<string, string>) {
  return asPveCommand(async () =>
    finish(site, await callAsRoot(site, host.name, "POST", `/nodes/${host.name}${path}`, params)),
  );
}
