import { writeFile } from "node:fs/promises";
import type { Server } from "node:http";
import { controlServer } from "./control/server";
import { type FirstStart, openLab, USUAL_START } from "./installation";
import { LabPaths } from "./paths";
import { RunningLab } from "./running";
import { labStatus } from "./status";

/** The lab's process: opens the state in the given folder and serves until it is told to stop. */
async function main(root: string, first: FirstStart): Promise<void> {
  const paths = new LabPaths(root);
  const { store, secrets } = await openLab(root, first);
  const lab = new RunningLab(paths, store);
  await lab.start();
  await listen(controlServer(lab, secrets.controlToken), secrets.controlPort);
  const status = labStatus(store.state, secrets, paths, true);
  await writeFile(paths.status, JSON.stringify(status, null, 2), { mode: 0o600 });
  const stop = async (): Promise<void> => {
    await lab.stop();
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

const [, , folder = ".lab", first] = process.argv;

main(folder, first === undefined ? USUAL_START : (JSON.parse(first) as FirstStart)).catch(
  (error: NodeJS.ErrnoException) => {
    const port = (error as { port?: number }).port;
    const taken =
      error.code === "EADDRINUSE"
        ? `port ${port} is taken by another program; stop that, or: npm run -s lab -- reset`
        : undefined;
    process.stderr.write(`${taken ?? error.stack ?? error.message}\n`);
    process.exit(1);
  },
);
