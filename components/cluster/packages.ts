/** Proxmox's package sources, by release: everything that is fetched from outside for a bare Debian. */
interface Sources {
  /** Name of the Debian that it is made for. */
  suite: string;
  keyring: { url: string; sha256: string };
}

/** Release 8 is not here: a host that is to have it is installed with Proxmox VE's own installer. */
const SOURCES: Record<number, Sources> = {
  9: {
    suite: "trixie",
    // Path and checksum: Proxmox VE's administration guide, "Package Repositories".
    keyring: {
      url: "https://enterprise.proxmox.com/debian/proxmox-archive-keyring-trixie.gpg",
      sha256: "136673be77aba35dcce385b28737689ad64fd785a797e57897589aed08db6e45",
    },
  },
};

const KEYRING = "/usr/share/keyrings/proxmox-archive-keyring.gpg";
const FOLDER = "/etc/apt/sources.list.d";

type Packages = "no-subscription" | "enterprise";

const REPOSITORIES: Record<Packages, { file: string; uri: string; component: string }> = {
  "no-subscription": {
    file: `${FOLDER}/proxmox.sources`,
    uri: "http://download.proxmox.com/debian/pve",
    component: "pve-no-subscription",
  },
  // The file that pve-manager brings, so that the package finds its own.
  enterprise: {
    file: `${FOLDER}/pve-enterprise.sources`,
    uri: "https://enterprise.proxmox.com/debian/pve",
    component: "pve-enterprise",
  },
};

/** What the scripts are told of packages. REPOSITORY is empty where there is nothing for a bare Debian. */
export function packageVariables(release: number, packages: Packages): Record<string, string> {
  const { file, uri, component } = REPOSITORIES[packages];
  const sources = SOURCES[release];
  const lines = sources && [
    "Types: deb",
    `URIs: ${uri}`,
    `Suites: ${sources.suite}`,
    `Components: ${component}`,
    `Signed-By: ${KEYRING}`,
  ];
  return {
    PACKAGES: packages,
    RELEASE: String(release),
    REPOSITORY_FILE: file,
    REPOSITORY: lines?.join("\n") ?? "",
    KEYRING_URL: sources?.keyring.url ?? "",
    KEYRING_SHA256: sources?.keyring.sha256 ?? "",
  };
}
