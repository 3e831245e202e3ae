import { rm, rmdir } from "node:fs/promises";
import { type Command, Option } from "commander";
import { type Release, releaseOf } from "../api/version";
import type { LabPaths } from "../paths";
import { FileStore } from "../seams/store";
import type { LabState } from "../state/types";
import { LabError, labPaths, say } from "./cli";
import { control, labPath, readStatus } from "./client";
import { layoutOf, layoutOptions, type LayoutOptions, requireLayout } from "./layout";
import { claim, ignore, runningPid, start, stop } from "./daemonProcess";

export function lifecycleCommands(program: Command): void {
  program
    .command("start")
    .description("start the lab and return when it is ready")
    .addOption(
      new Option(
        "--release <release>",
        "what Proxmox VE the nodes of a new lab are installed with (default: 9)",
      ).choices(["8", "9"]),
    )
    .addOption(layoutOptions.bare)
    .addOption(layoutOptions.host)
    .addOption(layoutOptions.without)
    .addOption(layoutOptions.nas)
    .action(async (options: { release?: "8" | "9" } & LayoutOptions, command: Command) => {
      const paths = labPaths(command);
      const release: Release = options.release === "8" ? 8 : 9;
      const layout = layoutOf(options);
      if (options.release !== undefined) await requireRelease(paths, release);
      await requireLayout(paths, layout);
      if (!(await claim(paths))) return say("the lab runs already");
      await start(paths, { release, layout });
      const status = await readStatus(paths);
      say(`the lab is ready: ${status.nodes.map((node) => `${node.name} ${node.api}`).join(", ")}`);
    });
  program
    .command("stop")
    .description("stop the lab; its state stays")
    .action(async (_options, command: Command) =>
      say((await stop(labPaths(command))) ? "the lab is stopped" : "the lab does not run"),
    );
  program
    .command("status")
    .description("show the lab's hosts and how to reach them")
    .option("--json", "as JSON, for programs")
    .action(async (options: { json?: boolean }, command: Command) => {
      const paths = labPaths(command);
      const pid = await runningPid(paths);
      const status = { ...(await readStatus(paths)), running: pid !== undefined };
      if (options.json) return say(JSON.stringify(status, null, 2));
      say(
        pid
          ? `the lab runs (process ${pid})`
          : "the lab does not run; start it: npm run -s lab -- start",
      );
      for (const host of [...status.nodes, status.witness]) {
        const api = "api" in host ? `  ${host.api}` : "";
        say(`${host.name.padEnd(8)} ${host.power.padEnd(4)} ssh port ${host.ssh.port}${api}`);
      }
    });
  program
    .command("reset")
    .description("stop the lab and forget everything: hosts, keys, ports, credentials, snapshots")
    .option("--hosts", "only put the hosts of the running lab back to how they were installed")
    .action(async (options: { hosts?: boolean }, command: Command) => {
      const paths = labPaths(command);
      if (options.hosts) {
        await control(paths, "POST", labPath("reset"));
        return say(
          "the hosts are as they were installed; ports, keys and credentials are the same",
        );
      }
      await stop(paths);
      // One by one: the folder may have been there before, with files that are not the lab's.
      for (const file of paths.all) await rm(file, { force: true });
      await rm(paths.snapshots, { recursive: true, force: true });
      await rmdir(paths.root).catch(ignore("ENOENT", "ENOTEMPTY"));
      say("the lab is gone; the next start makes a new one");
    });
}

/** A lab that is there keeps its release; nodes are upgraded with their own tools. */
async function requireRelease(paths: LabPaths, wanted: Release): Promise<void> {
  const state = await FileStore.read<LabState>(paths.state);
  const other = Object.values(state?.hosts ?? {}).find(
    (host) => host.node && releaseOf(host) !== wanted,
  );
  if (!other) return;
  throw new LabError(
    `${other.name} of the lab in ${paths.root} is of release ${releaseOf(other)}; for a new lab of release ${wanted}: npm run -s lab -- reset`,
  );
}
