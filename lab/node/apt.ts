import { createHash } from "node:crypto";
import { die } from "../api/errors";
import type { Site } from "../site";
import type { FileState } from "../state/types";
import { parseList, parseSources, printList, printSources, type Repository } from "./aptFiles";

const FOLDER = "/etc/apt/sources.list.d";
const SUITE = "trixie";
const KEYRING = "/usr/share/keyrings/proxmox-archive-keyring.gpg";

interface Standard {
  name: string;
  description: string;
  uri: string;
  component: string;
  /** Where it is written when no file has it yet. */
  file: string;
}

const PVE = {
  enterprise: "https://enterprise.proxmox.com/debian",
  open: "http://download.proxmox.com/debian",
};

/** Repositories of Proxmox VE 9 that have a name of their own. */
const STANDARD: Record<string, Standard> = {
  enterprise: {
    name: "Enterprise",
    description:
      "This is the default, stable, and recommended repository, available for all Proxmox subscription users.",
    uri: `${PVE.enterprise}/pve`,
    component: "pve-enterprise",
    file: `${FOLDER}/pve-enterprise.sources`,
  },
  "no-subscription": {
    name: "No-Subscription",
    description:
      "This is the recommended repository for testing and non-production use. Its packages are not as heavily tested and validated as the production ready enterprise repository. You don't need a subscription key to access this repository.",
    uri: `${PVE.open}/pve`,
    component: "pve-no-subscription",
    file: `${FOLDER}/proxmox.sources`,
  },
  test: {
    name: "Test",
    description:
      "This repository contains the latest packages and is primarily used for test labs and by developers to test new features.",
    uri: `${PVE.open}/pve`,
    component: "pve-test",
    file: `${FOLDER}/proxmox.sources`,
  },
  "ceph-squid-enterprise": {
    name: "Ceph Squid Enterprise",
    description: "This repository holds the production-ready Proxmox Ceph Squid packages.",
    uri: `${PVE.enterprise}/ceph-squid`,
    component: "enterprise",
    file: `${FOLDER}/ceph.sources`,
  },
  "ceph-squid-no-subscription": {
    name: "Ceph Squid No-Subscription",
    description:
      "This repository holds the Proxmox Ceph Squid packages intended for non-production use.",
    uri: `${PVE.open}/ceph-squid`,
    component: "no-subscription",
    file: `${FOLDER}/ceph.sources`,
  },
  "ceph-squid-test": {
    name: "Ceph Squid Test",
    description:
      "This repository contains the Ceph Squid packages before they are moved to the main repository.",
    uri: `${PVE.open}/ceph-squid`,
    component: "test",
    file: `${FOLDER}/ceph.sources`,
  },
};

interface AptFile {
  path: string;
  type: "list" | "sources";
  repositories: Repository[];
  digest: Buffer;
}

/** Sources as the installer of Proxmox VE 9 leaves them. */
export function installedSources(): Record<string, FileState> {
  const debian = (uri: string, suites: string[]): Repository => ({
    Types: ["deb"],
    URIs: [uri],
    Suites: suites,
    Components: ["main", "contrib", "non-free-firmware"],
    Options: [{ Key: "Signed-By", Values: ["/usr/share/keyrings/debian-archive-keyring.gpg"] }],
    FileType: "sources",
    Enabled: 1,
  });
  const file = (entries: Repository[]): FileState => ({
    content: printSources(entries),
    mode: 0o644,
  });
  return {
    [`${FOLDER}/ceph.sources`]: file([asRepository("ceph-squid-enterprise")]),
    [`${FOLDER}/debian.sources`]: file([
      debian("http://deb.debian.org/debian/", [SUITE, `${SUITE}-updates`]),
      debian("http://security.debian.org/debian-security/", [`${SUITE}-security`]),
    ]),
    [`${FOLDER}/pve-enterprise.sources`]: file([asRepository("enterprise")]),
  };
}

/** Everything that `apt/repositories` answers. */
export function describeRepositories(site: Site, node: string): Record<string, unknown> {
  const files = readFiles(site, node);
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
    "standard-repos": Object.entries(STANDARD).map(([handle, { name, description }]) => ({
      handle,
      name,
      description,
      status: statusOf(files, handle),
    })),
  };
}

/** Adds a repository by its name, or switches it on where it already stands. */
export function addRepository(site: Site, node: string, handle: string, digest: unknown): void {
  const files = readFiles(site, node);
  requireSame(files, digest);
  const standard = STANDARD[handle];
  if (!standard) throw die(`unknown repository handle '${handle}'`);
  for (const file of files) {
    const found = file.repositories.find((entry) => isStandard(entry, handle));
    if (!found) continue;
    found.Enabled = 1;
    writeFile(site, node, file);
    return;
  }
  const file: Omit<AptFile, "digest"> = files.find(({ path }) => path === standard.file) ?? {
    path: standard.file,
    type: "sources",
    repositories: [],
  };
  file.repositories.push(asRepository(handle));
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

function asRepository(handle: string): Repository {
  const { uri = "", component = "" } = STANDARD[handle] ?? {};
  return {
    Types: ["deb"],
    URIs: [uri],
    Suites: [SUITE],
    Components: [component],
    Options: [{ Key: "Signed-By", Values: [KEYRING] }],
    FileType: "sources",
    Enabled: 1,
  };
}

/** Either scheme and a slash at the end make no difference. */
function isStandard(entry: Repository, handle: string): boolean {
  const { uri = "", component = "" } = STANDARD[handle] ?? {};
  const bare = (text: string): string => text.replace(/^https?:\/\//, "").replace(/\/+$/, "");
  return (
    entry.Types.includes("deb") &&
    entry.Suites.includes(SUITE) &&
    entry.URIs.some((one) => bare(one) === bare(uri)) &&
    (entry.Components?.includes(component) ?? false)
  );
}

/** 1 and 0 for on and off; null where no file has it. */
function statusOf(files: readonly AptFile[], handle: string): 0 | 1 | null {
  const found = files
    .flatMap(({ repositories }) => repositories)
    .filter((entry) => isStandard(entry, handle));
  if (found.length === 0) return null;
  return found.some((entry) => entry.Enabled === 1) ? 1 : 0;
}

function originOf({ URIs: [uri = ""] }: Repository): string {
  const host = /^\w+:\/\/([^/]+)/.exec(uri)?.[1] ?? "";
  if (/(^|\.)proxmox\.com$/.test(host)) return "Proxmox";
  return /(^|\.)debian\.org$/.test(host) ? "Debian" : "Other";
}
