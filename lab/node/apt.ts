import { createHash } from "node:crypto";
import { die } from "../api/errors";
import type { Site } from "../site";
import { releaseOf } from "../api/version";
import { parseList, parseSources, printList, printSources, type Repository } from "./aptFiles";
import {
  fileTypeOf,
  FOLDER,
  repositoryOf,
  type Standard,
  standardRepositories,
  suiteOf,
} from "./standardRepositories";

interface AptFile {
  path: string;
  type: "list" | "sources";
  repositories: Repository[];
  digest: Buffer;
}

/** Everything that `apt/repositories` answers. */
export function describeRepositories(site: Site, node: string): Record<string, unknown> {
  const files = readFiles(site, node);
  const release = releaseOf(site.host(node));
  return {
    files: files.map(({ path, type, repositories, digest }) => ({
      path,
      "file-type": type,
      repositories,
      digest: [...digest],
    })),
    errors: [],
    digest: commonDigest(files),
    infos: files.flatMap(({ path, repositories }) =>
      repositories.map((entry, index) => ({
        path,
        index: String(index),
        kind: "origin",
        message: originOf(entry),
      })),
    ),
    "standard-repos": Object.entries(standardRepositories(release)).map(([handle, standard]) => ({
      handle,
      name: standard.name,
      description: standard.description,
      status: statusOf(files, standard, suiteOf(release)),
    })),
  };
}

/** Adds a repository by its name, or switches it on where it already stands. */
export function addRepository(site: Site, node: string, handle: string, digest: unknown): void {
  const files = readFiles(site, node);
  requireSame(files, digest);
  const release = releaseOf(site.host(node));
  const standard = standardRepositories(release)[handle];
  if (!standard) throw die(`unknown repository handle '${handle}'`);
  for (const file of files) {
    const found = file.repositories.find((entry) => isStandard(entry, standard, suiteOf(release)));
    if (!found) continue;
    found.Enabled = 1;
    writeFile(site, node, file);
    return;
  }
  const file: Omit<AptFile, "digest"> = files.find(({ path }) => path === standard.file) ?? {
    path: standard.file,
    type: fileTypeOf(release),
    repositories: [],
  };
  file.repositories.push(repositoryOf(standard, release));
  writeFile(site, node, file);
}

/** Switches the repository at a place in a file on or off. */
export function switchRepository(
  site: Site,
  node: string,
  place: { path: string; index: number; enabled: unknown; digest: unknown },
): void {
  const files = readFiles(site, node);
  requireSame(files, place.digest);
  const file = files.find(({ path }) => path === place.path);
  if (!file) throw die("invalid path");
  const entry = file.repositories[place.index];
  if (!entry) throw die("invalid index");
  if (place.enabled !== undefined) entry.Enabled = Number(place.enabled);
  writeFile(site, node, file);
}

/** Whether packages of Proxmox VE come from that suite of Debian. */
export function hasSuite(site: Site, node: string, suite: string): boolean {
  return readFiles(site, node)
    .flatMap(({ repositories }) => repositories)
    .some(
      (entry) =>
        entry.Enabled === 1 && entry.Suites.includes(suite) && originOf(entry) === "Proxmox",
    );
}

function readFiles(site: Site, node: string): AptFile[] {
  const { files } = site.host(node);
  return Object.keys(files)
    .filter((path) => path === "/etc/apt/sources.list" || path.startsWith(`${FOLDER}/`))
    .sort()
    .flatMap((path): AptFile[] => {
      const type = path.endsWith(".sources") ? "sources" : path.endsWith(".list") ? "list" : "";
      if (type === "") return [];
      const content = files[path]?.content ?? "";
      const repositories = type === "sources" ? parseSources(content) : parseList(content);
      return [{ path, type, repositories, digest: createHash("sha256").update(content).digest() }];
    });
}

function writeFile(site: Site, node: string, file: Omit<AptFile, "digest">): void {
  const print = file.type === "sources" ? printSources : printList;
  site.host(node).files[file.path] = { content: print(file.repositories), mode: 0o644 };
}

function commonDigest(files: readonly AptFile[]): string {
  const hash = createHash("sha256");
  for (const { digest } of files) hash.update(digest);
  return hash.digest("hex");
}

function requireSame(files: readonly AptFile[], digest: unknown): void {
  if (digest === undefined || digest === commonDigest(files)) return;
  throw die("detected modified configuration - files changed by other user? Try again.");
}

/** Either scheme and a slash at the end make no difference. */
function isStandard(entry: Repository, { uri, component }: Standard, suite: string): boolean {
  const bare = (text: string): string => text.replace(/^https?:\/\//, "").replace(/\/+$/, "");
  return (
    entry.Types.includes("deb") &&
    entry.Suites.includes(suite) &&
    entry.URIs.some((one) => bare(one) === bare(uri)) &&
    (entry.Components?.includes(component) ?? false)
  );
}

/** 1 and 0 for on and off; null where no file has it. */
function statusOf(files: readonly AptFile[], standard: Standard, suite: string): 0 | 1 | null {
  const found = files
    .flatMap(({ repositories }) => repositories)
    .filter((entry) => isStandard(entry, standard, suite));
  if (found.length === 0) return null;
  return found.some((entry) => entry.Enabled === 1) ? 1 : 0;
}

function originOf({ URIs: [uri = ""] }: Repository): string {
  const host = /^\w+:\/\/([^/]+)/.exec(uri)?.[1] ?? "";
  if (/(^|\.)proxmox\.com$/.test(host)) return "Proxmox";
  return /(^|\.)debian\.org$/.test(host) ? "Debian" : "Other";
}
