import { randomBytes } from "node:crypto";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { Release } from "./api/version";
import { LabPaths } from "./paths";
import { type Layout, USUAL_LAYOUT } from "./reference";
import { replaceFile } from "./seams/replaceFile";
import { FileStore } from "./seams/store";
import { knownHosts } from "./state/connections";
import { freshState } from "./state/initial";
import { newSshKey, publicKeyOf } from "./state/sshKey";
import type { LabState } from "./state/types";
import type { LabSecrets } from "./status";

/** Below the range from which systems hand out ports by themselves, so that nothing takes one while the lab is off. */
const PORTS = { first: 20_000, last: 29_999 };

export interface Installed {
  store: FileStore<LabState>;
  secrets: LabSecrets;
}

/** What a lab is made with, the first time that it starts. */
export interface FirstStart {
  release: Release;
  layout: Layout;
}

export const USUAL_START: FirstStart = { release: 9, layout: USUAL_LAYOUT };

/** Opens the lab in `root`, making hosts, keys and credentials on the first call. */
export async function openLab(root: string, first = USUAL_START): Promise<Installed> {
  const paths = new LabPaths(root);
  const known = await FileStore.read<LabState>(paths.state);
  if (known) {
    if (known.format !== 1) {
      throw new Error(
        `${paths.state} is from another version of the lab; run: npm run -s lab -- reset`,
      );
    }
    const secrets = JSON.parse(await readFile(paths.secrets, "utf8")) as LabSecrets;
    return { store: new FileStore(known, paths.state), secrets };
  }
  return installLab(paths, first);
}

async function installLab(paths: LabPaths, { release, layout }: FirstStart): Promise<Installed> {
  await mkdir(paths.root, { recursive: true, mode: 0o700 });
  await chmod(paths.root, 0o700);
  const nextPort = portFinder();
  const clientKey = await newSshKey("lab");
  const secrets: LabSecrets = {
    password: randomBytes(12).toString("base64url"),
    controlPort: await nextPort(),
    controlToken: randomBytes(24).toString("base64url"),
  };
  const state = await freshState({
    password: secrets.password,
    authorizedKey: publicKeyOf(clientKey),
    nextPort,
    now: Date.now(),
    release,
    layout,
  });
  await ownFile(paths.secrets, JSON.stringify(secrets));
  await ownFile(paths.key, clientKey);
  await ownFile(paths.authority, state.authorities.join(""));
  await ownFile(paths.knownHosts, knownHosts(state));
  await replaceFile(paths.installed, JSON.stringify(state));
  const store = new FileStore(state, paths.state);
  // Last, because its presence says that all of the above is there.
  store.touch();
  await store.flush();
  return { store, secrets };
}

async function ownFile(path: string, content: string): Promise<void> {
  await writeFile(path, content, { mode: 0o600 });
}

/** Hands out ports that are free now, from a random place, so that two labs made at once do not collide. */
function portFinder(): () => Promise<number> {
  let next = PORTS.first + (randomBytes(2).readUInt16BE() % (PORTS.last - PORTS.first - 100));
  return async () => {
    while (next <= PORTS.last) {
      const port = next++;
      if (await isFree(port)) return port;
    }
    throw new Error(`no free port between ${PORTS.first} and ${PORTS.last}`);
  };
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}
