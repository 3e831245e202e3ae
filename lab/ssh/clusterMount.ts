import { CLUSTER, type ClusterTree, clusterTree } from "../pmxcfs/files";
import { BY_HAND, type ByHand, isReserved, relativePath, takeUp } from "../pmxcfs/writes";
import type { Site } from "../site";
import type { HostFs } from "./hostFs";

/** `/etc/pve` in a node's shell: the cluster file system as files, drawn anew before every command. */
export class ClusterMount {
  private shown: ClusterTree = { files: new Map(), folders: [], links: new Map() };
  private wasQuorate: boolean | undefined;

  constructor(
    private readonly site: Site,
    private readonly node: string,
    private readonly fs: HostFs,
  ) {}

  isDenied(path: string): boolean {
    if (!this.site.quorum.isQuorate(this.node)) return true;
    const relative = relativePath(this.node, path);
    return !isByHand(relative) && isReserved(relative);
  }

  /** What the shell has changed goes into the cluster, then the cluster's files into the shell. */
  async sync(): Promise<void> {
    await this.collect();
    await this.draw();
  }

  private async collect(): Promise<void> {
    const { site, node, fs, shown } = this;
    const config = site.pmxcfs(node);
    const paths = new Set(fs.getAllPaths().filter((path) => path.startsWith(`${CLUSTER}/`)));
    for (const path of paths) {
      const relative = relativePath(node, path);
      const byHand = isByHand(relative);
      if (!byHand && isReserved(relative)) continue;
      if (!(await fs.plain.lstat(path)).isFile) continue;
      const content = await fs.plain.readFile(path);
      if (content === shown.files.get(path)) continue;
      if (byHand) takeUp(site, node, relative, content);
      else (config.files ??= {})[relative] = content;
      // It is drawn as it was taken up.
      shown.files.set(path, content);
    }
    for (const path of shown.files.keys()) {
      if (!paths.has(path)) delete config.files?.[relativePath(node, path)];
    }
  }

  private async draw(): Promise<void> {
    const { fs, shown } = this;
    const wanted = clusterTree(this.site, this.node);
    const quorate = this.site.quorum.isQuorate(this.node);
    const changed = quorate !== this.wasQuorate;
    for (const folder of [...shown.folders].reverse()) {
      if (!wanted.folders.includes(folder)) await fs.plain.rm(folder);
    }
    for (const path of [...shown.files.keys(), ...shown.links.keys()]) {
      if (!wanted.files.has(path) && !wanted.links.has(path)) await fs.plain.rm(path);
    }
    for (const folder of wanted.folders) fs.mkdirSync(folder, { recursive: true });
    for (const [path, content] of wanted.files) {
      const same = shown.files.get(path) === content;
      if (!same) fs.writeFileSync(path, content);
      if (!same || changed) await fs.plain.chmod(path, modeOf(path, quorate));
    }
    for (const [path, target] of wanted.links) {
      if (shown.links.get(path) === target) continue;
      await fs.plain.rm(path);
      await fs.plain.symlink(target, path);
    }
    this.shown = wanted;
    this.wasQuorate = quorate;
  }
}

const isByHand = (relative: string): relative is ByHand =>
  (BY_HAND as readonly string[]).includes(relative);

/** Below `priv` for root alone; without quorum for nobody to write (pmxcfs, cfs_fuse_getattr). */
function modeOf(path: string, quorate: boolean): number {
  const mode = path.startsWith(`${CLUSTER}/priv/`) ? 0o600 : 0o640;
  return quorate ? mode : mode & ~0o222;
}
