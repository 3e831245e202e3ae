import { InMemoryFs } from "just-bash";
import { corosyncConf } from "../cluster/corosyncConf";
import { guestListFile, membersFile } from "../cluster/statusFiles";
import { GUEST_FOLDER } from "../guests/config";
import type { Site } from "../site";
import type { FileState, Guest, HostState } from "../state/types";
import { syncStorageFiles } from "./storageFiles";

/** Where a host's own files live; everything else belongs to the shell and is not remembered. */
const KEPT = ["/etc", "/root", "/var/lib/proxmox-ha", "/var/lib/pve-cluster", "/var/log"];
const CLUSTER = "/etc/pve";
const AUTHORIZED = `${CLUSTER}/priv/authorized_keys`;
const KNOWN = `${CLUSTER}/priv/known_hosts`;

/** What may be written below `/etc/pve` as a file, and where it belongs; the rest has commands. */
const WRITABLE = { [AUTHORIZED]: "authorizedKeys", [KNOWN]: "knownHosts" } as const;

/**
 * A host's file system as its shell sees it. Its own files are the lab's state; `/etc/pve` is drawn from the cluster
 * file system, as pmxcfs shows its database as files. Scripts write to the one side and the lab's commands to the
 * other, at the same time, so each file goes the way in which it was changed.
 */
export class HostFiles {
  readonly fs: HostFs;
  /** Both sides as they last agreed, by path. */
  private readonly agreed = new Map<string, string>();
  private shown = new Map<string, string>();
  /** Files that the shell has put on storages, as volids by path. */
  private readonly stored = new Map<string, string>();
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly site: Site,
    private readonly host: HostState,
  ) {
    const { name, node } = host;
    this.fs = new HostFs(() => node !== undefined && !site.quorum.isQuorate(name));
  }

  /** Brings both sides together. Calls run one after the other. */
  sync(): Promise<void> {
    this.running = this.running.then(() => this.syncNow());
    return this.running;
  }

  private async syncNow(): Promise<void> {
    const written = await this.readAll();
    const { files } = this.host;
    for (const path of new Set([...written.keys(), ...Object.keys(files), ...this.agreed.keys()])) {
      const before = this.agreed.get(path);
      const inShell = written.get(path);
      const inState = files[path];
      if (textOf(inShell) !== before) {
        if (inShell) files[path] = inShell;
        else delete files[path];
      } else if (textOf(inState) !== before) await this.put(path, inState);
      this.agree(path, files[path]);
    }
    if (!this.host.node) return;
    await this.syncCluster();
    await syncStorageFiles(this.site, this.host.name, this.fs, this.stored);
  }

  private async syncCluster(): Promise<void> {
    const config = this.site.pmxcfs(this.host.name);
    for (const [path, key] of Object.entries(WRITABLE)) {
      const content = await this.fs.readFile(path).catch(() => undefined);
      if (content !== undefined && content !== this.shown.get(path)) config[key] = content;
    }
    const wanted = clusterFiles(this.site, this.host.name);
    for (const path of this.shown.keys()) {
      if (!wanted.has(path)) await this.fs.drop(path);
    }
    for (const [path, content] of wanted) {
      if (this.shown.get(path) !== content) this.fs.writeFileSync(path, content);
    }
    this.shown = wanted;
  }

  private async readAll(): Promise<Map<string, FileState>> {
    const found = new Map<string, FileState>();
    for (const path of this.fs.getAllPaths()) {
      if (path.startsWith(`${CLUSTER}/`)) continue;
      if (!KEPT.some((folder) => path.startsWith(`${folder}/`))) continue;
      const stat = await this.fs.lstat(path);
      if (stat.isDirectory) continue;
      found.set(
        path,
        stat.isSymbolicLink
          ? { content: "", mode: 0o777, link: await this.fs.readlink(path) }
          : { content: await this.fs.readFile(path), mode: stat.mode & 0o7777 },
      );
    }
    return found;
  }

  private async put(path: string, file: FileState | undefined): Promise<void> {
    await this.fs.rm(path, { force: true });
    if (!file) return;
    if (file.link === undefined) {
      this.fs.writeFileSync(path, file.content);
      await this.fs.chmod(path, file.mode);
      return;
    }
    this.fs.mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    await this.fs.symlink(file.link, path);
  }

  private agree(path: string, file: FileState | undefined): void {
    if (file) this.agreed.set(path, textOf(file) ?? "");
    else this.agreed.delete(path);
  }
}

function textOf(file: FileState | undefined): string | undefined {
  return file && JSON.stringify([file.content, file.mode, file.link]);
}

/** What pmxcfs answers to a write without quorum; its text is what just-bash's commands print. */
export class ReadOnlyError extends Error {
  constructor(readonly path: string) {
    super(`EACCES: permission denied, open '${path}'`);
  }
}

/**
 * just-bash puts a new file in the place of a link that is written to; Linux writes to the link's target. Without
 * quorum everything below `/etc/pve` is read-only.
 */
class HostFs extends InMemoryFs {
  constructor(private readonly isReadOnly: () => boolean) {
    super();
  }

  /** Takes a file of the cluster out, quorum or not: another node has removed it. */
  async drop(path: string): Promise<void> {
    await super.rm(path, { force: true });
  }

  override async writeFile(...[path, ...rest]: Parameters<InMemoryFs["writeFile"]>): Promise<void> {
    return super.writeFile(await this.target(path), ...rest);
  }

  override async appendFile(
    ...[path, ...rest]: Parameters<InMemoryFs["appendFile"]>
  ): Promise<void> {
    return super.appendFile(await this.target(path), ...rest);
  }

  override async rm(...[path, ...rest]: Parameters<InMemoryFs["rm"]>): Promise<void> {
    this.requireWritable(path);
    return super.rm(path, ...rest);
  }

  override async mv(from: string, to: string): Promise<void> {
    this.requireWritable(from);
    this.requireWritable(to);
    return super.mv(from, to);
  }

  override async cp(...[from, to, ...rest]: Parameters<InMemoryFs["cp"]>): Promise<void> {
    this.requireWritable(to);
    return super.cp(from, to, ...rest);
  }

  override async mkdir(...[path, ...rest]: Parameters<InMemoryFs["mkdir"]>): Promise<void> {
    if (!(await this.exists(path))) this.requireWritable(path);
    return super.mkdir(path, ...rest);
  }

  private async target(path: string): Promise<string> {
    const isLink = await this.lstat(path).then(
      (stat) => stat.isSymbolicLink,
      () => false,
    );
    const target = isLink
      ? this.resolvePath(path.slice(0, path.lastIndexOf("/")), await this.readlink(path))
      : path;
    this.requireWritable(target);
    return target;
  }

  private requireWritable(path: string): void {
    if (path.startsWith(`${CLUSTER}/`) && this.isReadOnly()) throw new ReadOnlyError(path);
  }
}

/** The files of a cluster file system, by path. */
export function clusterFiles(site: Site, node: string): Map<string, string> {
  const config = site.pmxcfs(node);
  const files = new Map<string, string>();
  files.set(`${CLUSTER}/pve-root-ca.pem`, config.ca.certificate);
  files.set(`${CLUSTER}/.members`, membersFile(site, node));
  files.set(`${CLUSTER}/.vmlist`, guestListFile(site, node));
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
