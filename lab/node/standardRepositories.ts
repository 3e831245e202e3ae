import { ARCHIVES } from "./archives";
import type { Release } from "../api/version";
import type { FileState } from "../state/types";
import { printList, printSources, type Repository } from "./aptFiles";

/** Where Proxmox VE's package sources are. */
export const FOLDER = "/etc/apt/sources.list.d";

export interface Standard {
  name: string;
  description: string;
  uri: string;
  component: string;
  /** Where it is written when no file has it yet. */
  file: string;
}

/** How a release writes its sources: Debian's suite, and the format of the files. */
interface Dialect {
  suite: string;
  type: "list" | "sources";
  /** Of the repository for tests. */
  test: string;
  ceph: readonly string[];
  /** Without a subscription; the file of Debian's own sources on release 8. */
  open: string;
}

const DIALECTS: Record<Release, Dialect> = {
  8: {
    suite: "bookworm",
    type: "list",
    test: "pvetest",
    ceph: ["quincy", "reef", "squid"],
    open: "/etc/apt/sources.list",
  },
  9: {
    suite: "trixie",
    type: "sources",
    test: "pve-test",
    ceph: ["squid"],
    open: `${FOLDER}/proxmox.sources`,
  },
};

const KEYRING = "/usr/share/keyrings/proxmox-archive-keyring.gpg";
const ENTERPRISE = `https://${ARCHIVES.enterprise}/debian`;
const OPEN = `http://${ARCHIVES.proxmox}/debian`;

export const suiteOf = (release: Release): string => DIALECTS[release].suite;
export const fileTypeOf = (release: Release): "list" | "sources" => DIALECTS[release].type;

/** Repositories of Proxmox VE that have a name of their own (proxmox-apt). */
export function standardRepositories(release: Release): Record<string, Standard> {
  const { type, test, ceph, open } = DIALECTS[release];
  return {
    enterprise: {
      name: "Enterprise",
      description:
        "This is the default, stable, and recommended repository, available for all Proxmox subscription users.",
      uri: `${ENTERPRISE}/pve`,
      component: "pve-enterprise",
      file: `${FOLDER}/pve-enterprise.${type}`,
    },
    "no-subscription": {
      name: "No-Subscription",
      description:
        "This is the recommended repository for testing and non-production use. Its packages are not as heavily tested and validated as the production ready enterprise repository. You don't need a subscription key to access this repository.",
      uri: `${OPEN}/pve`,
      component: "pve-no-subscription",
      file: open,
    },
    test: {
      name: "Test",
      description:
        "This repository contains the latest packages and is primarily used for test labs and by developers to test new features.",
      uri: `${OPEN}/pve`,
      component: test,
      file: open,
    },
    ...Object.assign({}, ...ceph.map((name) => cephRepositories(name, `${FOLDER}/ceph.${type}`))),
  };
}

/** A repository in the words of the release's files. */
export function repositoryOf({ uri, component }: Standard, release: Release): Repository {
  const { suite, type } = DIALECTS[release];
  const signed = [{ Key: "Signed-By", Values: [KEYRING] }];
  return {
    Types: ["deb"],
    URIs: [uri],
    Suites: [suite],
    Components: [component],
    ...(type === "sources" ? { Options: signed } : {}),
    FileType: type,
    Enabled: 1,
  };
}

/** Sources as the installer of the release leaves them. */
export function installedSources(release: Release): Record<string, FileState> {
  const { suite, type } = DIALECTS[release];
  const standard = standardRepositories(release);
  const own = (handle: string): Repository[] => {
    const found = standard[handle];
    return found ? [repositoryOf(found, release)] : [];
  };
  const file = (entries: Repository[]): FileState => ({
    content: (type === "list" ? printList : printSources)(entries),
    mode: 0o644,
  });
  const updates = `${suite}-updates`;
  const security = `${suite}-security`;
  const { ceph, debian } =
    release === 8
      ? {
          ceph: own("ceph-quincy-enterprise"),
          debian: [
            oneLine("http://ftp.debian.org/debian", suite),
            oneLine("http://ftp.debian.org/debian", updates),
            oneLine(`http://${ARCHIVES.security}`, security),
          ],
        }
      : {
          ceph: own("ceph-squid-enterprise"),
          debian: [
            stanza(`http://${ARCHIVES.debian}/debian/`, [suite, updates]),
            stanza(`http://${ARCHIVES.security}/debian-security/`, [security]),
          ],
        };
  return {
    [`${FOLDER}/ceph.${type}`]: file(ceph),
    [release === 8 ? "/etc/apt/sources.list" : `${FOLDER}/debian.sources`]: file(debian),
    [`${FOLDER}/pve-enterprise.${type}`]: file(own("enterprise")),
  };
}

function cephRepositories(release: string, file: string): Record<string, Standard> {
  const name = `Ceph ${release.charAt(0).toUpperCase()}${release.slice(1)}`;
  return {
    [`ceph-${release}-enterprise`]: {
      name: `${name} Enterprise`,
      description: `This repository holds the production-ready Proxmox ${name} packages.`,
      uri: `${ENTERPRISE}/ceph-${release}`,
      component: "enterprise",
      file,
    },
    [`ceph-${release}-no-subscription`]: {
      name: `${name} No-Subscription`,
      description: `This repository holds the Proxmox ${name} packages intended for non-production use.`,
      uri: `${OPEN}/ceph-${release}`,
      component: "no-subscription",
      file,
    },
    [`ceph-${release}-test`]: {
      name: `${name} Test`,
      description: `This repository contains the ${name} packages before they are moved to the main repository.`,
      uri: `${OPEN}/ceph-${release}`,
      component: "test",
      file,
    },
  };
}

const oneLine = (uri: string, suite: string): Repository => ({
  Types: ["deb"],
  URIs: [uri],
  Suites: [suite],
  Components: ["main", "contrib"],
  FileType: "list",
  Enabled: 1,
});

const stanza = (uri: string, suites: string[]): Repository => ({
  Types: ["deb"],
  URIs: [uri],
  Suites: suites,
  Components: ["main", "contrib", "non-free-firmware"],
  Options: [{ Key: "Signed-By", Values: ["/usr/share/keyrings/debian-archive-keyring.gpg"] }],
  FileType: "sources",
  Enabled: 1,
});
