import type { ExecResult } from "just-bash";
import { sleep } from "../../seams/clock";
import type { Site } from "../../site";
import { decodeUpid } from "../../tasks/upid";
import { ok } from "../command";

/** A command is its task's worker: it prints the log, and fails as the task does. */
export async function finish(site: Site, data: unknown): Promise<ExecResult> {
  const upid = typeof data === "string" ? decodeUpid(data) : undefined;
  if (!upid) return ok();
  const task = site.tasks.find(upid.node, String(data));
  while (task && task.exitstatus === undefined) await sleep(site.clock, 200);
  const log = (task?.log ?? []).filter((line) => !line.startsWith("TASK "));
  const stdout = log.map((line) => `${line}\n`).join("");
  const end = task?.exitstatus ?? "OK";
  if (end === "OK" || end.startsWith("WARNINGS")) return ok(stdout);
  return { stdout, stderr: `${end}\n`, exitCode: 255 };
}
