import { callAsRoot } from "../../api/dispatch";
import { asPveCommand, type CommandContext, type Commands, fail, ok, parseArgs } from "../command";
import { asText } from "./pvesh";

type Row = Record<string, unknown>;

const COLUMNS = ["upid", "type", "id", "user", "starttime", "endtime", "status"];

/** `pvenode task`: what this node has done (PVE::CLI::pvenode). Nothing else of pvenode. */
export const pvenodeCommands: Commands = {
  pvenode: (args, context) =>
    asPveCommand(async () => {
      const { positional, options } = parseArgs(args);
      const [topic = "", verb = "", upid = ""] = positional;
      const text = topic === "task" ? await run(verb, upid, options, context) : undefined;
      return text === undefined
        ? fail(`ERROR: unknown command 'pvenode ${topic} ${verb}'`, 255)
        : ok(text);
    }),
};

async function run(
  verb: string,
  upid: string,
  options: Record<string, string>,
  { site, host }: CommandContext,
): Promise<string | undefined> {
  const get = (path: string, params = options): Promise<unknown> =>
    callAsRoot(site, host.name, "GET", `/nodes/${host.name}/tasks${path}`, params);
  switch (verb) {
    case "list": {
      const tasks = (await get("")) as Row[];
      const rows = tasks.map((task) =>
        Object.fromEntries(
          COLUMNS.map((column) => [column, column === "status" ? verdict(task) : task[column]]),
        ),
      );
      return asText(rows, COLUMNS);
    }
    case "status":
      return asText(await get(`/${upid}/status`));
    case "log":
      return ((await get(`/${upid}/log`, { limit: "0" })) as Row[])
        .map(({ t }) => `${String(t)}\n`)
        .join("");
    default:
      return undefined;
  }
}

/** Of a task that runs there is none yet; of one that failed only that. */
const verdict = ({ status }: Row): unknown =>
  status === undefined || /^(OK|WARNINGS|RUNNING)/.test(String(status)) ? status : "ERROR";
