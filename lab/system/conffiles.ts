import { installedSources } from "../node/standardRepositories";
import { releaseOf } from "../api/version";
import type { FileState, HostState } from "../state/types";
import { dpkgOf } from "./dpkg";
import { KEYRINGS, PROXMOX_KEYRING } from "./keyrings";

export type Keep = "old" | "new" | "ask";

/** Configuration files of a package, by path. */
export function conffilesOf(host: HostState, name: string): Record<string, FileState> {
  const file = (content: string): FileState => ({ content, mode: 0o644 });
  switch (name) {
    case "pve-manager": {
      const entries = Object.entries(installedSources(releaseOf(host)));
      return {
        ...Object.fromEntries(entries.filter(([path]) => /\/pve-enterprise\./.test(path))),
        "/etc/vzdump.conf": file(
          "# vzdump default settings\n\n#tmpdir: DIR\n#dumpdir: DIR\n#storage: STORAGE_ID\n#mode: snapshot|suspend|stop\n#bwlimit: KBPS\n",
        ),
      };
    }
    case "chrony":
      return {
        "/etc/chrony/chrony.conf": file(
          "confdir /etc/chrony/conf.d\npool 2.debian.pool.ntp.org iburst\nsourcedir /run/chrony-dhcp\nsourcedir /etc/chrony/sources.d\nkeyfile /etc/chrony/chrony.keys\ndriftfile /var/lib/chrony/chrony.drift\nmakestep 1 3\n",
        ),
      };
    case "pve-ha-manager":
      return {
        "/etc/default/pve-ha-manager": file(
          "# select watchdog module (default is softdog)\n#WATCHDOG_MODULE=ipmi_watchdog\n",
        ),
      };
    default:
      return {};
  }
}

/** Other files that belong to a package and come and go with it. */
export function ownFilesOf(host: HostState, name: string): Record<string, FileState> {
  if (name !== "proxmox-archive-keyring" || releaseOf(host) === 8) return {};
  return { [PROXMOX_KEYRING]: { content: KEYRINGS["proxmox-9"].content, mode: 0o644 } };
}

/**
 * dpkg's rules: a file that nobody has touched is replaced, one that somebody has deleted stays away, and of one that
 * differs somebody is asked. Answers the path of a file for which nobody could be asked.
 */
export function placeConffiles(
  host: HostState,
  name: string,
  keep: Keep,
): { text: string; unanswered?: string } {
  const brought = (dpkgOf(host).conffiles ??= {});
  let text = "";
  for (const [path, file] of Object.entries(conffilesOf(host, name))) {
    const before = brought[path];
    const there = host.files[path];
    if (before === file.content) continue;
    const untouched = there === undefined ? before === undefined : there.content === before;
    const same = there?.content === file.content;
    if (!untouched && !same && there !== undefined) {
      const by =
        before === undefined
          ? " ==> File on system created by you or by a script.\n ==> File also in package provided by package maintainer.\n"
          : " ==> Modified (by you or by a script) since installation.\n ==> Package distributor has shipped an updated version.\n";
      text += `\nConfiguration file '${path}'\n${by}`;
      if (keep === "ask") return { text, unanswered: path };
      text += ` ==> Using ${keep === "old" ? "current old" : "new"} file as you requested.\n`;
      if (keep === "old") {
        brought[path] = file.content;
        continue;
      }
    }
    if (there !== undefined || before === undefined) host.files[path] = { ...file };
    brought[path] = file.content;
  }
  return { text };
}
