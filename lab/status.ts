import type { LabPaths } from "./paths";
import type { HostState, LabState } from "./state/types";

export interface SshAccess {
  host: string;
  port: number;
  user: string;
  /** Path of the private key. */
  key: string;
  /** Path of the known_hosts file that pins the host. */
  knownHosts: string;
}

/** What `lab status --json` tells programs outside. */
export interface LabStatus {
  running: boolean;
  /** Path of the certificates that sign the nodes' API certificates. */
  ca: string;
  credentials: { user: string; password: string };
  nodes: { name: string; address: string; api: string; power: "on" | "off"; ssh: SshAccess }[];
  witness: { name: string; address: string; power: "on" | "off"; ssh: SshAccess };
  /** Where `/lab/*` answers. */
  control: string;
  /** Guests that have run once: the loopback port that answers while they do. */
  guests: GuestPort[];
}

export interface GuestPort {
  vmid: number;
  port: number;
}

export interface LabSecrets {
  password: string;
  /** Port and bearer token of the control interface. */
  controlPort: number;
  controlToken: string;
}

export function labStatus(
  state: LabState,
  secrets: LabSecrets,
  paths: LabPaths,
  running: boolean,
): LabStatus {
  const hosts = Object.values(state.hosts);
  const describe = (host: (typeof hosts)[number]) => ({
    name: host.name,
    address: host.address,
    power: host.power ? ("on" as const) : ("off" as const),
    ssh: {
      host: "127.0.0.1",
      port: host.sshPort,
      user: "root",
      key: paths.key,
      knownHosts: paths.knownHosts,
    },
  });
  const witness = hosts.find((host) => host.role === "witness");
  if (!witness) throw new Error("the lab's state has no witness; run: npm run -s lab -- reset");
  return {
    running,
    ca: paths.authority,
    credentials: { user: "root@pam", password: secrets.password },
    nodes: hosts
      .filter((host) => host.role === "node")
      .map((host) => ({ ...describe(host), api: `https://127.0.0.1:${apiPortOf(host)}` })),
    witness: describe(witness),
    control: `http://127.0.0.1:${secrets.controlPort}`,
    guests: portsOfGuests(state),
  };
}

/** Of a machine that is no node yet: where its API will answer. */
function apiPortOf({ node, machine }: HostState): number | undefined {
  return (node ?? machine)?.apiPort;
}

export function portsOfGuests({ pmxcfs }: Pick<LabState, "pmxcfs">): GuestPort[] {
  return Object.values(pmxcfs)
    .flatMap((config) => Object.values(config.guests))
    .flatMap(({ vmid, port }) => (port === undefined ? [] : [{ vmid, port }]));
}
