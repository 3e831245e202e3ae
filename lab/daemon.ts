import { writeFile } from "node:fs/promises";
import type { Server } from "node:http";
import { controlServer } from "./control/server";
import { Hosts } from "./hosts";
import { openLab } from "./installation";
import { LabPaths } from "./paths";
import { realClock } from "./seams/clock";
import { LoopbackPorts } from "./seams/guestPorts";
import { Site } from "./site";
import { labStatus } from "./status";

/** The lab's process: opens the state in the given folder and serves until it is told to stop. */
async function main(root: string): Promise<void> {
  const paths = new LabPaths(root);
  const { store, secrets } = await openLab(root);
  const site = new Site(store, realClock, new LoopbackPorts());
  const hosts = new Hosts(site);
  await hosts.start();
  site.start();
  const control = controlServer(site, hosts, site.faults, secrets.controlToken);
  await listen(control, secrets.controlPort);
  const status = labStatus(store.state, secrets, paths, true);
  await writeFile(paths.status, JSON.stringify(status, null, 2), { mode: 0o600 });
  const stop = async (): Promise<void> => {
    site.stop();
    await hosts.stop();
    await site.commit();
    process.exit(0);
  };
  process.once("SIGTERM", () => void stop());
  process.once("SIGINT", () => void stop());
  process.stdout.write(`ready ${new Date().toISOString()}\n`);
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
}

main(process.argv[2] ?? ".lab").catch((error: NodeJS.ErrnoException) => {
  const port = (error as { port?: number }).port;
  const taken =
    error.code === "EADDRINUSE"
      ? `port ${port} is taken by another program; stop that, or: npm run -s lab -- reset`
      : undefined;
  process.stderr.write(`${taken ?? error.stack ?? error.message}\n`);
  process.exit(1);
});
