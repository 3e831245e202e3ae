import { InMemoryFs } from "just-bash";
import { corosyncConf } from "../cluster/corosyncConf";
import { GUEST_FOLDER } from "../guests/config";
import type { Site } from "../site";
import type { FileState, Guest, HostState, Pmxcfs } from "../state/types";

/** Where a host's own files live; everything else belongs to the shell and is not remembered. */
const KEPT = ["/etc", "/root", "/var/lib/proxmox-ha", "/var/log"];
const CLUSTER = "/etc/pve";
const AUTHORIZED = `${CLUSTER}/priv/authorized_keys`;
const KNOWN = `${CLUSTER}/priv/known_hosts`;

/**
 * A host's file system. Its own files come from the lab's state and go back there; `/etc/pve` is drawn from the
 * cluster file system before each command, as pmxcfs shows its database as files.
 */
export class HostFiles {
  readonly fs = new LinkFollowingFs();
  private shown = new Map<string, string>();

  constructor(
    private readonly site: Site,
    private readonly host: HostState,
  ) {}

  /** Draws `/etc/pve` anew, and files that the lab's own commands have changed. */
  async show(): Promise<void> {
    for (const [path, file] of Object.entries(this.host.files)) await this.put(path, file);
    const { node } = this.host;
    if (!node) return;
    const wanted = clusterFiles(this.site.pmxcfs(this.host.name));
    for (const path of this.shown.keys()) {
      if (!wanted.has(path)) await this.fs.rm(path, { force: true });
    }
    for (const [path, content] of wanted) {
      if (this.shown.get(path) !== content) this.fs.writeFileSync(path, content);
    }
    this.shown = wanted;
  }

  /** Takes what a command wrote into the lab's state. */
  async save(): Promise<void> {
    const files: Record<string, FileState> = {};
    for (const path of this.fs.getAllPaths()) {
      if (path.startsWith(`${CLUSTER}/`)) continue;
      if (!KEPT.some((folder) => path.startsWith(`${folder}/`))) continue;
      const stat = await this.fs.lstat(path);
      if (stat.isDirectory) continue;
      files[path] = stat.isSymbolicLink
        ? { content: "", mode: 0o777, link: await this.fs.readlink(path) }
        : { content: await this.fs.readFile(path), mode: stat.mode & 0o7777 };
    }
    this.host.files = files;
    await this.saveCluster();
  }

  /** Of `/etc/pve`, only the SSH files may be written this way; the rest has commands. */
  private async saveCluster(): Promise<void> {
    if (!this.host.node) return;
    const config = this.site.pmxcfs(this.host.name);
    for (const [path, key] of [
      [AUTHORIZED, "authorizedKeys"],
      [KNOWN, "knownHosts"],
    ] as const) {
      if (!(await this.fs.exists(path))) continue;
      const content = await this.fs.readFile(path);
      if (content !== this.shown.get(path)) config[key] = content;
    }
  }

  private async put(path: string, file: FileState): Promise<void> {
    if (file.link === undefined) {
      this.fs.writeFileSync(path, file.content, "utf8", { mode: file.mode } as never);
      return;
    }
    await this.fs.rm(path, { force: true });
    this.fs.mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    await this.fs.symlink(file.link, path);
  }
}

/** just-bash puts a new file in the place of a link that is written to; Linux writes to the link's target. */
class LinkFollowingFs extends InMemoryFs {
  override async writeFile(...[path, ...rest]: Parameters<InMemoryFs["writeFile"]>): Promise<void> {
    return super.writeFile(await this.target(path), ...rest);
  }

  override async appendFile(
    ...[path, ...rest]: Parameters<InMemoryFs["appendFile"]>
  ): Promise<void> {
    return super.appendFile(await this.target(path), ...rest);
  }

  private async target(path: string): Promise<string> {
    const isLink = await this.lstat(path).then(
      (stat) => stat.isSymbolicLink,
      () => false,
    );
    return isLink
      ? this.resolvePath(path.slice(0, path.lastIndexOf("/")), await this.readlink(path))
      : path;
  }
}

/** The files of a cluster file system, by path. */
export function clusterFiles(config: Pmxcfs): Map<string, string> {
  const files = new Map<string, string>();
  files.set(`${CLUSTER}/pve-root-ca.pem`, config.ca.certificate);
  files.set(`${CLUSTER}/.version`, `${config.version}\n`);
  if (config.corosync) files.set(`${CLUSTER}/corosync.conf`, corosyncConf(config.corosync));
  if (config.authorizedKeys !== "") files.set(AUTHORIZED, config.authorizedKeys);
  if (config.knownHosts !== "") files.set(KNOWN, config.knownHosts);
  for (const guest of Object.values(config.guests)) {
    const folder = `${CLUSTER}/nodes/${guest.node}/${GUEST_FOLDER[guest.type]}`;
    files.set(`${folder}/${guest.vmid}.conf`, guestFile(guest));
  }
  return files;
}

/** A guest's file: the description as encoded comment lines first, then `key: value`, sorted. */
export function guestFile(guest: Guest): string {
  const { description = "", ...rest } = guest.config;
  const comments =
    description === ""
      ? []
      : description
          .trimEnd()
          .split("\n")
          .map((line) => `#${encodeText(line)}`);
  const lines = Object.keys(rest)
    .sort()
    .map((key) => `${key}: ${rest[key]}`);
  return `${[...comments, ...lines].join("\n")}\n`;
}

/** PVE::Tools::encode_text: control characters, percent, colon and non-ASCII as %XX. */
function encodeText(text: string): string {
  return text.replace(/[^\x20-\x7e]|[%:]/g, (character) =>
    [...Buffer.from(character)]
      .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`)
      .join(""),
  );
}
