import { isSquashed, mountAnswers, mountAt } from "../node/mounts";
import { connection } from "../node/ports";
import { sleep } from "../seams/clock";
import type { Site } from "../site";
import type { FileState, HostState } from "../state/types";
import { moveGuestFile, removeEntry } from "../pmxcfs/writes";
import { CLUSTER } from "../pmxcfs/files";
import { isMounted } from "../system/nodes";
import { exportsAt, isDiskFull, ROOT_DISK } from "../storage/fullDisks";
import { ClusterMount } from "./clusterMount";
import { ExportMounts } from "./exportMounts";
import { HostFs, REFUSALS, type Refusal } from "./hostFs";
import { machineFiles } from "./machineFiles";
import { syncStorageFiles } from "./storageFiles";

/** Where a host's own files live; everything else belongs to the shell and is not remembered. */
const KEPT = [
  "/etc",
  "/root",
  "/usr/local",
  "/usr/share/keyrings",
  "/var/lib/proxmox-ha",
  "/var/lib/pve-cluster",
  "/var/log",
];
/** By which Proxmox VE's hook for apt knows that somebody means it. */
const KEPT_FILES = ["/please-remove-proxmox-ve"];

/** Folders that every Debian has, whether something is in them or not. */
const FOLDERS = [
  "/boot",
  "/mnt",
  "/opt",
  "/run/lock",
  "/run/systemd/system",
  "/srv",
  "/usr/share",
  "/var/lib",
  "/var/tmp",
];
/** Folders that take no room on a disk. */
const IN_MEMORY = /^\/(dev|proc|run|sys)\//;
const SOCKETS = "/dev/tcp/";
/** Until the kernel gives up on a neighbour that does not answer. */
const SILENCE_MS = 3000;

/**
 * A host's file system as its shell sees it. Its own files are the lab's state; `/etc/pve` is drawn from the cluster
 * file system, as pmxcfs shows its database as files. Scripts write to the one side and the lab's commands to the
 * other, at the same time, so each file goes the way in which it was changed.
 */
export class HostFiles {
  readonly fs: HostFs;
  private cluster: ClusterMount | undefined;
  private readonly exports: ExportMounts;
  /** Both sides as they last agreed, by path. */
  private readonly agreed = new Map<string, string>();
  /** Files that the shell has put on storages, as volids by path. */
  private readonly stored = new Map<string, string>();
  private machine = new Map<string, string>();
  /** Sockets at which the last knock was not answered. */
  private readonly silent = new Set<string>();
  private running: Promise<void> = Promise.resolve();
  /** When both sides were last brought together, in numbers of changes. */
  private synced = "";

  constructor(
    private readonly site: Site,
    private readonly host: HostState,
  ) {
    const { name } = host;
    this.fs = new HostFs({
      refusal: (path) => this.refusal(path),
      remove: (path) => isMounted(host) && removeEntry(site, name, path),
      move: (from, to) => isMounted(host) && moveGuestFile(site, name, from, to),
      answer: (path) => this.answer(path),
      wrote: (path) => site.commands.wrote(host.name, path),
    });
    this.exports = new ExportMounts(site, host, this.fs);
    for (const folder of FOLDERS) this.fs.mkdirSync(folder, { recursive: true });
  }

  /** Brings both sides together. Calls run one after the other. */
  sync(): Promise<void> {
    this.running = this.running.then(async () => {
      await this.syncNow();
      this.synced = this.moment();
    });
    return this.running;
  }

  /** The same, where a script is at work that alone is told of what is done behind it. */
  async follow(): Promise<void> {
    await this.running;
    if (this.synced !== this.moment()) await this.sync();
  }

  private moment(): string {
    const { version, commands } = this.site;
    return `${version} ${commands.changes}`;
  }

  /** Why a redirection to `path` has failed, in the words of the C library. */
  reason(path: string): string {
    if (path.startsWith(SOCKETS)) {
      return this.silent.has(path) ? "No route to host" : "Connection refused";
    }
    return REFUSALS[this.refusal(path) ?? "EACCES"];
  }

  private refusal(path: string): Refusal | undefined {
    const { site, host } = this;
    if (path.startsWith(`${CLUSTER}/`)) return this.cluster?.isDenied(path) ? "EACCES" : undefined;
    const mount = mountAt(site, host, path);
    if (mount && isSquashed(site, mount)) return "EACCES";
    const server = mount ? site.hostAt(mount.server) : host;
    const inside = exportsAt(site, host).find((one) => path.startsWith(`${one}/`));
    const disk = mount?.path ?? inside ?? ROOT_DISK;
    const inMemory = !mount && IN_MEMORY.test(path);
    return server && !inMemory && isDiskFull(site, server.name, disk) ? "ENOSPC" : undefined;
  }

  /** NFS mounts are hard: whoever touches one whose server is away waits until it is back, or the host is not. */
  private answer(path: string): Promise<void> | undefined {
    const { site, host } = this;
    if (path.startsWith(SOCKETS)) return this.connect(path);
    const mount = mountAt(site, host, path);
    if (!mount || mountAnswers(site, host, mount)) return undefined;
    const { bootedAt } = host;
    const wait = async (): Promise<void> => {
      while (host.power && host.bootedAt === bootedAt && !mountAnswers(site, host, mount)) {
        await sleep(site.clock, 1000);
      }
    };
    return wait();
  }

  /** bash's `/dev/tcp/HOST/PORT`: whether somebody listens there. Nothing is sent. */
  private async connect(path: string): Promise<void> {
    const [name = "", port = ""] = path.slice(SOCKETS.length).split("/");
    const found = connection(this.site, this.host, name, Number(port));
    if (found === "open") return;
    if (found === "silent") {
      this.silent.add(path);
      await sleep(this.site.clock, SILENCE_MS);
    } else this.silent.delete(path);
    throw new Error(`ECONNREFUSED: connection refused, open '${path}'`);
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
    await this.showMachine();
    await this.exports.sync();
    await this.mountCluster();
    if (!this.cluster) return;
    await this.cluster.sync();
    await syncStorageFiles(this.site, this.host.name, this.fs, this.stored);
  }

  /** pmxcfs covers `/etc/pve` while it runs. */
  private async mountCluster(): Promise<void> {
    const { site, host, fs } = this;
    const mounted = isMounted(host);
    if (mounted === (this.cluster !== undefined)) return;
    const covered = fs.getAllPaths().filter((path) => path.startsWith(`${CLUSTER}/`));
    // The deepest first; a folder has to be empty.
    for (const path of covered.sort().reverse()) await fs.plain.rm(path);
    if (mounted) this.cluster = new ClusterMount(site, host.name, fs);
    else this.cluster = undefined;
  }

  private async showMachine(): Promise<void> {
    const wanted = machineFiles(this.site, this.host);
    for (const path of this.machine.keys()) if (!wanted.has(path)) await this.fs.plain.rm(path);
    for (const [path, content] of wanted) {
      if (this.machine.get(path) !== content) this.fs.writeFileSync(path, content);
    }
    this.machine = wanted;
  }

  private async readAll(): Promise<Map<string, FileState>> {
    const { plain } = this.fs;
    const found = new Map<string, FileState>();
    for (const path of this.fs.getAllPaths()) {
      if (path.startsWith(`${CLUSTER}/`)) continue;
      const kept = KEPT.some((folder) => path.startsWith(`${folder}/`));
      if (!kept && !KEPT_FILES.includes(path)) continue;
      const stat = await plain.lstat(path);
      if (stat.isDirectory) continue;
      found.set(
        path,
        stat.isSymbolicLink
          ? { content: "", mode: 0o777, link: await plain.readlink(path) }
          : { content: await plain.readFile(path), mode: stat.mode & 0o7777 },
      );
    }
    return found;
  }

  private async put(path: string, file: FileState | undefined): Promise<void> {
    const { plain } = this.fs;
    await plain.rm(path);
    if (!file) return;
    if (file.link === undefined) {
      this.fs.writeFileSync(path, file.content);
      await plain.chmod(path, file.mode);
      return;
    }
    this.fs.mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    await plain.symlink(file.link, path);
  }

  private agree(path: string, file: FileState | undefined): void {
    if (file) this.agreed.set(path, textOf(file) ?? "");
    else this.agreed.delete(path);
  }
}

function textOf(file: FileState | undefined): string | undefined {
  return file && JSON.stringify([file.content, file.mode, file.link]);
}
