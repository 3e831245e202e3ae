import { hostTraits } from "../node/hostTraits";
import { sleep } from "../seams/clock";
import type { Site } from "../site";
import type { HostState } from "../state/types";

export interface LockHolder {
  pid: number;
  process: string;
}

/** Runs of apt and dpkg under way; a lab that starts anew has none. */
const running = new WeakMap<Site, Map<string, LockHolder>>();

export const FRONTEND_LOCK = "/var/lib/dpkg/lock-frontend";
export const LISTS_LOCK = "/var/lib/apt/lists/lock";

export function lockHolder(site: Site, host: HostState): LockHolder | undefined {
  const { aptLock } = hostTraits(host);
  if (aptLock !== undefined) return { pid: 1301, process: aptLock };
  return running.get(site)?.get(host.name);
}

/** Waits as long as `DPkg::Lock::Timeout` says, in seconds; undefined when it is held on. -1 is for ever. */
export async function takeLock(
  site: Site,
  host: HostState,
  process: string,
  timeout: number,
): Promise<(() => void) | undefined> {
  const deadline = timeout < 0 ? Infinity : site.clock.now() + timeout * 1000;
  const { bootedAt } = host;
  while (lockHolder(site, host)) {
    if (site.clock.now() >= deadline || !host.power || host.bootedAt !== bootedAt) return undefined;
    await sleep(site.clock, 1000);
  }
  const locks = running.get(site) ?? new Map<string, LockHolder>();
  running.set(site, locks);
  const holder = { pid: 2000 + (Math.floor(site.clock.now() / 1000) % 30_000), process };
  locks.set(host.name, holder);
  return () => {
    if (locks.get(host.name) === holder) locks.delete(host.name);
  };
}

/** What apt says of a lock that another process holds. */
export function lockRefusal(holder: LockHolder | undefined, file: string): string {
  const by = holder ? ` It is held by process ${holder.pid} (${holder.process})` : "";
  const end =
    file === LISTS_LOCK
      ? "E: Unable to lock directory /var/lib/apt/lists/"
      : `E: Unable to acquire the dpkg frontend lock (${file}), is another process using it?`;
  return `E: Could not get lock ${file}.${by}\nN: Be aware that removing the lock file is not a solution and may break your system.\n${end}\n`;
}
