import { exportOf, mountAnswers, mountsOf, type NfsMount } from "../node/mounts";
import type { Site } from "../site";
import type { FileState, HostState } from "../state/types";
import type { HostFs } from "./hostFs";

/** Folders of a storage, whose files are volumes. */
const VOLUMES = /^(dump|images|import|private|snippets|template)(\/|$)/;

/** Files on NFS exports, which every host that has them mounted sees, and the NAS as its own. */
export class ExportMounts {
  /** What both sides last agreed on, by path in the shell. */
  private readonly agreed = new Map<string, string>();

  constructor(
    private readonly site: Site,
    private readonly host: HostState,
    private readonly fs: HostFs,
  ) {}

  async sync(): Promise<void> {
    const places = this.places();
    for (const path of [...this.agreed.keys()]) {
      if (places.some(({ target }) => path.startsWith(`${target}/`))) continue;
      // It was unmounted.
      await this.fs.plain.rm(path);
      this.agreed.delete(path);
    }
    for (const { key, target, silent } of places)
      if (!silent) await this.bringTogether(key, target);
  }

  /** Exports by where they are seen; a silent one cannot be looked at now. */
  private places(): { key: string; target: string; silent: boolean }[] {
    const { site, host } = this;
    const own = Object.keys(site.state.exports)
      .filter((key) => key.startsWith(`${host.address}:`))
      .map((key) => ({ key, target: key.slice(host.address.length + 1), silent: false }));
    const mounted = mountsOf(site, host).map((mount: NfsMount) => ({
      key: exportOf(site, mount),
      target: mount.target,
      silent: !mountAnswers(site, host, mount),
    }));
    return [...own, ...mounted];
  }

  private async bringTogether(key: string, target: string): Promise<void> {
    const { fs, site, agreed } = this;
    const known = site.state.exportFiles?.[key];
    fs.mkdirSync(target, { recursive: true });
    const inShell = await this.readAll(target);
    if (!known && inShell.size === 0) return;
    const files = ((site.state.exportFiles ??= {})[key] ??= {});
    const seen = [...agreed.keys()].filter((path) => path.startsWith(`${target}/`));
    const names = seen.map((path) => path.slice(target.length + 1));
    for (const name of new Set([...inShell.keys(), ...Object.keys(files), ...names])) {
      const path = `${target}/${name}`;
      const before = agreed.get(path);
      const written = inShell.get(name);
      if (textOf(written) !== before) {
        if (written) files[name] = written;
        else delete files[name];
      } else if (textOf(files[name]) !== before) await this.put(path, files[name]);
      const now = textOf(files[name]);
      if (now === undefined) agreed.delete(path);
      else agreed.set(path, now);
    }
  }

  private async readAll(target: string): Promise<Map<string, FileState>> {
    const { plain } = this.fs;
    const found = new Map<string, FileState>();
    for (const path of this.fs.getAllPaths()) {
      const name = path.slice(target.length + 1);
      if (!path.startsWith(`${target}/`) || VOLUMES.test(name)) continue;
      const { isFile, mode } = await plain.lstat(path);
      if (!isFile) continue;
      found.set(name, { content: await plain.readFile(path), mode: mode & 0o7777 });
    }
    return found;
  }

  private async put(path: string, file: FileState | undefined): Promise<void> {
    if (!file) return this.fs.plain.rm(path);
    this.fs.writeFileSync(path, file.content);
    return this.fs.plain.chmod(path, file.mode);
  }
}

const textOf = (file: FileState | undefined): string | undefined =>
  file && JSON.stringify([file.content, file.mode]);
