import { ARCHIVES } from "../node/archives";
import { releaseOf } from "../api/version";
import { hostTraits } from "../node/hostTraits";
import { parseList, parseSources, type Repository } from "../node/aptFiles";
import { suiteOf } from "../node/standardRepositories";
import type { Site } from "../site";
import type { HostState } from "../state/types";
import { dpkgOf } from "./dpkg";
import { KEYRINGS, type Keyring, TRUSTED } from "./keyrings";
import type { Origin } from "./packageTable";

/** One index of packages that apt is told to read. */
export interface Source {
  uri: string;
  suite: string;
  component: string;
  signedBy?: string;
  file: string;
}

export interface Malformed {
  file: string;
  /** What is wrong, in apt's words. */
  problem: string;
}

/** Debian's security suites and updates bring nothing that the lab knows. */
const COMPONENTS: Record<Origin, readonly string[]> = {
  debian: ["main", "contrib", "non-free", "non-free-firmware"],
  pve: ["pve-no-subscription", "pve-test", "pvetest", "pve-enterprise"],
};
const CEPH = ["enterprise", "no-subscription", "test"];

/** What the files of a host tell, in apt's order. */
export function readSources(host: HostState): { sources: Source[]; malformed: Malformed[] } {
  const sources: Source[] = [];
  const malformed: Malformed[] = [];
  const paths = Object.keys(host.files).filter((path) =>
    /^\/etc\/apt\/(sources\.list|sources\.list\.d\/[\w.-]+\.(list|sources))$/.test(path),
  );
  for (const file of paths.sort()) {
    const content = host.files[file]?.content ?? "";
    const isList = file.endsWith(".list");
    const problem = isList ? listProblem(content) : undefined;
    if (problem !== undefined) malformed.push({ file, problem });
    for (const [index, entry] of (isList ? parseList : parseSources)(content).entries()) {
      const missing = isList ? undefined : stanzaProblem(entry, index + 1);
      if (missing !== undefined) malformed.push({ file, problem: missing });
      else if (entry.Enabled === 1 && entry.Types.includes("deb"))
        sources.push(...spread(entry, file));
    }
  }
  return { sources, malformed };
}

function spread(entry: Repository, file: string): Source[] {
  const option = entry.Options?.find(({ Key }) => /^signed-by$/i.test(Key));
  const [signedBy] = option?.Values ?? [];
  const { URIs, Suites, Components = [] } = entry;
  return URIs.flatMap((uri) =>
    Suites.flatMap((suite) =>
      Components.map((component) => ({
        uri: uri.replace(/\/+$/, ""),
        suite,
        component,
        file,
        ...(signedBy === undefined ? {} : { signedBy }),
      })),
    ),
  );
}

function stanzaProblem({ Types, URIs, Suites, Components }: Repository, at: number) {
  const missing =
    Types.length === 0
      ? "Type"
      : URIs.length === 0
        ? "URI"
        : Suites.length === 0
          ? "Suite"
          : !Components && !Suites.every((suite) => suite.endsWith("/"))
            ? "Component"
            : undefined;
  return missing === undefined
    ? undefined
    : `Malformed stanza ${at} in source list FILE (${missing})`;
}

function listProblem(content: string): string | undefined {
  const lines = content.split("\n");
  const at = lines.findIndex((line) => {
    const text = line.replace(/#.*/, "").trim();
    return text !== "" && parseList(text).length === 0;
  });
  return at < 0 ? undefined : `Malformed entry ${at + 1} in list file FILE (Type)`;
}

export const keyOf = ({ uri, suite, component }: Source): string => `${uri} ${suite} ${component}`;

/** Whose packages a source has; undefined of one that has none for these machines. */
export function originOf(host: HostState, { uri, suite, component }: Source): Origin | undefined {
  const release = suiteOf(releaseOf(host));
  if (suite !== release && suite !== "stable") return undefined;
  const origin = publisherOf(uri);
  return origin && COMPONENTS[origin].includes(component) ? origin : undefined;
}

/** Whose packages a host can install now: sources in its files, whose lists it has. */
export function availableOrigins(host: HostState): Set<Origin> {
  const { lists } = dpkgOf(host);
  const origins = readSources(host)
    .sources.filter((source) =>
      lists ? lists.includes(keyOf(source)) : publisherOf(source.uri) === "debian",
    )
    .flatMap((source) => originOf(host, source) ?? []);
  return new Set(origins);
}

function publisherOf(uri: string): Origin | undefined {
  const [, name = "", path = ""] = /^\w+:\/\/([^/]+)(.*)$/.exec(uri) ?? [];
  if (/(^|\.)debian\.org$/.test(name)) return "debian";
  return /(^|\.)proxmox\.com$/.test(name) && path === "/debian/pve" ? "pve" : undefined;
}

export type Answer =
  | { kind: "hit" }
  | { kind: "unreachable"; name: string }
  | { kind: "unauthorized" }
  | { kind: "missing" }
  | { kind: "component" }
  | { kind: "unsigned"; reason: string };

/** What comes of fetching a source's InRelease. */
export function ask(site: Site, host: HostState, source: Source): Answer {
  const [, name = ""] = /^\w+:\/\/([^/]+)/.exec(source.uri) ?? [];
  const known = /(^|\.)(debian\.org|proxmox\.com)$/.test(name);
  if (!known || !site.hardware.isPlugged(host.name)) return { kind: "unreachable", name };
  if (name === ARCHIVES.enterprise && !hostTraits(host).subscription) {
    return { kind: "unauthorized" };
  }
  const publisher = publisherOf(source.uri);
  const isCeph = /^\/debian\/ceph-\w+$/.test(source.uri.replace(/^\w+:\/\/[^/]+/, ""));
  const suites =
    publisher === "debian"
      ? /^(trixie|bookworm|stable)(-updates|-security|-backports)?$/
      : /^(trixie|bookworm)$/;
  if ((!publisher && !isCeph) || !suites.test(source.suite)) return { kind: "missing" };
  const reason = signatureProblem(host, source, publisher ?? "pve");
  if (reason !== undefined) return { kind: "unsigned", reason };
  const components = publisher ? COMPONENTS[publisher] : CEPH;
  return components.includes(source.component) ? { kind: "hit" } : { kind: "component" };
}

/** apt of Debian 13 asks sqv, the one before gpgv. */
function signatureProblem(host: HostState, source: Source, origin: Origin): string | undefined {
  const key: Keyring =
    origin === "debian"
      ? KEYRINGS.debian
      : KEYRINGS[source.suite === "bookworm" ? "proxmox-8" : "proxmox-9"];
  const old = releaseOf(host) === 8;
  const { signedBy } = source;
  const file = signedBy === undefined ? undefined : host.files[signedBy];
  if (signedBy?.startsWith("/") && !file && !old) {
    const missing = "No such file or directory (os error 2)";
    return `Sub-process /usr/bin/sqv returned an error code (1), error message is: Error: Failed to parse keyring "${signedBy}"  Caused by:     0: Reading "${signedBy}": ${missing}     1: ${missing}`;
  }
  const keys = signedBy === undefined ? trusted(host) : [file?.content ?? ""];
  if (keys.some((content) => content.includes(key.content.trim()))) return undefined;
  return old
    ? `The following signatures couldn't be verified because the public key is not available: NO_PUBKEY ${key.fingerprint.slice(-16)}`
    : `Sub-process /usr/bin/sqv returned an error code (1), error message is: Missing key ${key.fingerprint}, which is needed to verify signature.`;
}

const trusted = ({ files }: HostState): string[] =>
  Object.keys(files)
    .filter((path) => path.startsWith(TRUSTED))
    .map((path) => files[path]?.content ?? "");
