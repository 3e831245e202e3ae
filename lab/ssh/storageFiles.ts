import { seconds } from "../seams/clock";
import type { Site } from "../site";
import type { Volume } from "../state/types";
import { folderOf } from "../storage/names";
import { contentOf } from "../storage/types";
import { formatOfFile, parseName } from "../storage/volumes";
import type { HostFs } from "./hostFs";

/** Kinds of files that people put on a storage by hand, and the prefix of their names. */
const KINDS = ["iso", "vztmpl", "snippets", "import", "backup"] as const;

/**
 * Folders of storages in a node's shell: what is written into them becomes a volume, and what is removed is none any
 * more. Of volumes that came another way backups alone are shown as files. `seen` remembers what is shown, and what came
 * this way.
 */
export async function syncStorageFiles(
  site: Site,
  node: string,
  fs: HostFs,
  seen: Map<string, string>,
): Promise<void> {
  const { storages } = site;
  const paths = new Set(fs.getAllPaths());
  for (const [path, volid] of [...seen]) {
    if (paths.has(path)) continue;
    seen.delete(path);
    const [id = "", name = ""] = volid.split(/:(.*)/s);
    if (!Object.hasOwn(storages.definitions(node), id)) continue;
    const volumes = storages.volumes(node, id);
    const index = volumes.findIndex((volume) => volume.name === name);
    if (index >= 0) volumes.splice(index, 1);
  }
  for (const id of storages.usableOn(node)) {
    const config = storages.config(node, id);
    if (!storages.type(config).files || !storages.answers(node, id)) continue;
    for (const kind of KINDS.filter((content) => contentOf(config).includes(content))) {
      const folder = folderOf(id, config, kind);
      if (!paths.has(folder)) fs.mkdirSync(folder, { recursive: true });
      if (kind === "backup") showArchives(storages.volumes(node, id), id, folder, fs, seen);
      for (const path of paths) {
        if (!path.startsWith(`${folder}/`)) continue;
        const file = path.slice(folder.length + 1);
        const volume = await volumeOf(site, fs, kind, config.type, path, file);
        if (volume === undefined) continue;
        const volumes = storages.volumes(node, id);
        if (seen.has(path) && !volumes.some(({ name }) => name === volume.name)) {
          // It was deleted by way of the API.
          await fs.plain.rm(path);
          seen.delete(path);
          continue;
        }
        seen.set(path, `${id}:${volume.name}`);
        const beside = `${path}.notes`;
        put(
          volumes,
          paths.has(beside) ? { ...volume, notes: await fs.plain.readFile(beside) } : volume,
        );
      }
    }
  }
}

/** What stands in the file of a backup, so that a copy of the file is a copy of the backup. */
const ARCHIVE = "backup of the lab\n";

function showArchives(
  volumes: Volume[],
  id: string,
  folder: string,
  fs: HostFs,
  seen: Map<string, string>,
): void {
  for (const volume of volumes) {
    const path = `${folder}/${volume.name.replace(/^backup\//, "")}`;
    if (!volume.archive || seen.has(path)) continue;
    const { notes: _notes, protected: _protected, ...copied } = volume;
    fs.writeFileSync(path, `${ARCHIVE}${JSON.stringify(copied)}`);
    seen.set(path, `${id}:${volume.name}`);
    if (volume.notes !== undefined) fs.writeFileSync(`${path}.notes`, volume.notes);
  }
}

/** The file as a volume, if its name is that of one. */
async function volumeOf(
  site: Site,
  fs: HostFs,
  content: Volume["content"],
  type: string,
  path: string,
  file: string,
): Promise<Volume | undefined> {
  const { isFile, size } = await fs.stat(path);
  if (!isFile || file.includes("/")) return undefined;
  const name = `${content}/${file}`;
  try {
    const { vmid } = parseName(type, name);
    const text = content === "backup" ? await fs.plain.readFile(path) : "";
    if (text.startsWith(ARCHIVE))
      return { ...(JSON.parse(text.slice(ARCHIVE.length)) as Volume), name };
    return {
      name,
      content,
      format: formatOfFile(content, file),
      size,
      used: size,
      ctime: seconds(site.clock),
      ...(vmid === undefined ? {} : { vmid }),
    };
  } catch {
    return undefined;
  }
}

function put(volumes: Volume[], volume: Volume): void {
  const known = volumes.find(({ name }) => name === volume.name);
  if (!known) volumes.push(volume);
  else if (!known.archive && known.size !== volume.size) Object.assign(known, volume);
}
