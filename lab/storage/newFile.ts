import { badParameters, die } from "../api/errors";
import { seconds } from "../seams/clock";
import type { Site } from "../site";
import type { Volume } from "../state/types";
import { formatOfFile } from "./volumes";

/** Kinds of files that can be sent to a storage or fetched by it. */
export type FileContent = "iso" | "vztmpl" | "import";

const NAMES: Record<FileContent, { pattern: RegExp; problem: string }> = {
  iso: { pattern: /\.(iso|img)$/i, problem: "wrong file extension" },
  vztmpl: { pattern: /\.(tar|tar\.(gz|xz|zst|bz2))$/i, problem: "wrong file extension" },
  import: {
    pattern: /^[a-zA-Z0-9\-.+=_]+\.(ova|qcow2|raw|vmdk)$/,
    problem: "invalid filename or wrong extension",
  },
};

/** The name that a file gets: without folders, and with `_` for what might be trouble. */
export function fileName(content: FileContent, given: string): string {
  const name = given
    .replace(/\n$/, "")
    .replace(/^.*[/\\]/, "")
    .replace(/[^a-zA-Z0-9_.-]/g, "_");
  const { pattern, problem } = NAMES[content];
  if (!pattern.test(name)) throw badParameters({ filename: problem });
  return name;
}

/** Puts a file on a storage, in the place of one with its name. */
export function putFile(
  site: Site,
  node: string,
  storage: string,
  content: FileContent,
  name: string,
  file: { size: number; virtual?: number; checksum?: string },
): void {
  const full = `${content}/${name}`;
  const volumes = site.storages.volumes(node, storage);
  const before = volumes.findIndex((volume) => volume.name === full);
  const replaced = before < 0 ? 0 : (volumes[before]?.size ?? 0);
  if (!site.storages.answers(node, storage)) throw die("Input/output error");
  site.storages.requireSpace(node, storage, file.size - replaced);
  const { size, virtual, checksum } = file;
  const volume: Volume = {
    name: full,
    content,
    format: formatOfFile(content, name),
    size,
    used: size,
    ctime: seconds(site.clock),
    ...(virtual === undefined ? {} : { virtual }),
    ...(checksum === undefined ? {} : { checksum }),
  };
  if (before < 0) volumes.push(volume);
  else volumes[before] = volume;
}
