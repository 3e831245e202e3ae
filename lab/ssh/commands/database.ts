import { resolve } from "node:path/posix";
import { dump, isDatabase, isOfCluster, restore } from "../../pmxcfs/database";
import { type Command, type Commands, fail, ok, quote } from "../command";

const USAGE =
  "the lab's sqlite3 knows .dump, PRAGMA integrity_check, whether there is a corosync.conf, and a dump on its standard input";

/** sqlite3 on the cluster file system's database: as much of it as saves, checks and brings back. */
const sqlite3: Command = (args, { site, host, stdin, cwd }) => {
  const [name = "", asked = ""] = args.filter((arg) => arg !== "-readonly");
  const path = resolve(cwd, name);
  const content = host.files[path]?.content ?? "";
  if (asked !== "" && content !== "" && !isDatabase(content)) {
    return fail("Error: in prepare, file is not a database (26)", 26);
  }
  if (/^PRAGMA integrity_check;?$/i.test(asked)) return ok("ok\n");
  if (asked === ".dump") return ok(dump(site.state, content) ?? "");
  if (/name = 'corosync\.conf'/.test(asked)) {
    if (content === "") return fail("Error: in prepare, no such table: tree");
    return ok(isOfCluster(site.state, content) ? "corosync.conf\n" : "");
  }
  if (asked !== "") return fail(USAGE);
  const made = restore(site.state, stdin);
  if (made === undefined) return fail("Parse error near line 1: incomplete input");
  host.files[path] = { content: made, mode: host.files[path]?.mode ?? 0o644 };
  return ok();
};

/** What is packed in the lab's own way is whole when its last line is there. */
const zcat: Command = (args, { host, exec, stdin, cwd }) => {
  const path = resolve(cwd, args.find((arg) => !arg.startsWith("-")) ?? "");
  const content = host.files[path]?.content;
  if (content === undefined || !/\/config-\d+\.sql\.gz$/.test(path)) {
    return exec(`gzip -dc ${quote(args)}`, stdin);
  }
  if (content.endsWith("COMMIT;\n")) return ok(content);
  return { ...fail(`gzip: ${path}: unexpected end of file`), stdout: content };
};

export const databaseCommands: Commands = { sqlite3, zcat };
