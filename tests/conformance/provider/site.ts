import { readFile } from "node:fs/promises";
import { Agent, request } from "node:https";
import type { OwnLab } from "./lab";

const FIRST = "pve01";
const SECOND = "pve02";
/** The tests put disks, containers and snippets on `local`, where a new installation allows none of them. */
const CONTENT = "backup,images,import,iso,rootdir,snippets,vztmpl";

/** What the tests are told of the site. A fact that the lab lacks is named nowhere, and its tests skip. */
export interface Site {
  token: string;
  /** Ethernet ports of the first node, those without a bridge last. */
  ports: string[];
  /** A storage on ZFS, which replication needs, and one on the NAS. */
  zfs?: string;
  nfs?: string;
  /** What the lab refused while it was prepared. */
  refusals: string[];
}

/** From hosts as installed to what the tests expect: two nodes in a cluster, root's token, a storage on ZFS. */
export async function prepare(lab: OwnLab): Promise<Site> {
  await formCluster(lab);
  const made = await lab.ssh(
    FIRST,
    "pveum user token add root@pam acceptance --privsep 0 --output-format json",
  );
  const { value } = JSON.parse(made) as { value: string };
  const token = `root@pam!acceptance=${value}`;
  const refusals: string[] = [];
  const call = async (method: string, path: string, body: Record<string, string> = {}) => {
    const answer = await api(lab, token, method, path, body);
    const { status, reason, errors = {} } = answer;
    const words = [reason, ...Object.entries(errors).map(([key, error]) => `${key}: ${error}`)];
    if (status >= 400) refusals.push(`${method} ${path}: ${status} ${words.join(" ").trim()}`);
    return status < 400 ? answer.data : undefined;
  };
  await call("PUT", "/storage/local", { content: CONTENT });
  const zfs = await call("POST", "/storage", {
    storage: "zfs",
    type: "zfspool",
    pool: "rpool/data",
    content: "images,rootdir",
  });
  const { address: server } = (await lab.status()).witness;
  const nfs = await call("POST", "/storage", {
    storage: "nfs",
    type: "nfs",
    server,
    export: "/backup/pve-backup",
    content: "images,import,rootdir",
  });
  const network = (await call("GET", `/nodes/${FIRST}/network`)) as Interface[] | undefined;
  return {
    token,
    ports: portsOf(network ?? []),
    ...(zfs ? { zfs: "zfs" } : {}),
    ...(nfs ? { nfs: "nfs" } : {}),
    refusals,
  };
}

async function formCluster(lab: OwnLab): Promise<void> {
  const { address, ssh } = await lab.node(FIRST);
  const known = await readFile(ssh.knownHosts, "utf8");
  const [, hostKey = ""] = known.match(new RegExp(`^\\[[^\\]]+\\]:${ssh.port} (.+)$`, "m")) ?? [];
  await lab.ssh(FIRST, "pvecm create conformance");
  const key = "/root/.ssh/id_rsa";
  await lab.ssh(
    SECOND,
    `mkdir -p /root/.ssh; ssh-keygen -q -t rsa -b 4096 -N '' -f ${key}; echo '${address} ${hostKey}' >>/root/.ssh/known_hosts`,
  );
  const publicKey = (await lab.ssh(SECOND, `cat ${key}.pub`)).trim();
  await lab.ssh(FIRST, `echo '${publicKey}' >>/root/.ssh/authorized_keys`);
  await lab.ssh(SECOND, `pvecm add ${address} --use_ssh`);
}

interface Interface {
  iface: string;
  type: string;
  bridge_ports?: string;
}

function portsOf(network: Interface[]): string[] {
  const bridged = new Set(network.flatMap(({ bridge_ports: ports = "" }) => ports.split(" ")));
  const ports = network.filter(({ type }) => type === "eth").map(({ iface }) => iface);
  const rank = (port: string): number => (bridged.has(port) ? 0 : 1);
  return ports.sort((one, other) => rank(one) - rank(other));
}

/** The environment of the tests, as the provider's CONTRIBUTING.md and `fwprovider/test` have it. */
export async function environmentOf(lab: OwnLab, site: Site): Promise<Record<string, string>> {
  const { ca, credentials, witness } = await lab.status();
  const { api: endpoint, ssh } = await lab.node(FIRST);
  const [port = "", ...spare] = site.ports;
  const facts: Record<string, string | undefined> = {
    PROXMOX_VE_ENDPOINT: `${endpoint}/`,
    PROXMOX_VE_API_TOKEN: site.token,
    // Some tests take root's ticket, which a token is no match for.
    PROXMOX_VE_USERNAME: credentials.user,
    PROXMOX_VE_PASSWORD: credentials.password,
    SSL_CERT_FILE: ca,
    PROXMOX_VE_SSH_USERNAME: ssh.user,
    PROXMOX_VE_SSH_PASSWORD: credentials.password,
    PROXMOX_VE_SSH_PRIVATE_KEY: await readFile(ssh.key, "utf8"),
    PROXMOX_VE_ACC_NODE_NAME: FIRST,
    PROXMOX_VE_ACC_NODE_SSH_ADDRESS: ssh.host,
    PROXMOX_VE_ACC_NODE_SSH_PORT: String(ssh.port),
    PROXMOX_VE_ACC_NODE_2_NAME: SECOND,
    PROXMOX_VE_ACC_TEST_FILE_SERVER_IP: "127.0.0.1",
    PROXMOX_VE_ACC_NFS_SERVER: witness.address,
    PROXMOX_VE_ACC_NFS_EXPORT: "/backup/pve-data",
    PROXMOX_VE_ACC_NFS_DATASTORE_ID: site.nfs,
    PROXMOX_VE_ACC_STORAGE_DIR_PATH: "/var/lib/vz",
    PROXMOX_VE_ACC_ZFS_DATASTORE_ID: site.zfs,
    PROXMOX_VE_ACC_IFACE_NAME: port || undefined,
    PROXMOX_VE_ACC_BOND_SLAVE1: spare.at(-2),
    PROXMOX_VE_ACC_BOND_SLAVE2: spare.length > 1 ? spare.at(-1) : undefined,
  };
  const set = Object.entries(facts).filter((fact): fact is [string, string] => !!fact[1]);
  return Object.fromEntries(set);
}

interface Answer {
  status: number;
  reason: string;
  data: unknown;
  errors?: Record<string, string>;
}

async function api(
  lab: OwnLab,
  token: string,
  method: string,
  path: string,
  body: Record<string, string>,
): Promise<Answer> {
  const { api: base } = await lab.node(FIRST);
  const ca = await readFile((await lab.status()).ca);
  const form = method === "GET" ? "" : new URLSearchParams(body).toString();
  const headers: Record<string, string | number> = { authorization: `PVEAPIToken=${token}` };
  if (form) {
    headers["content-type"] = "application/x-www-form-urlencoded";
    headers["content-length"] = Buffer.byteLength(form);
  }
  return new Promise((resolve, reject) => {
    const agent = new Agent({ ca, keepAlive: false });
    const outgoing = request(`${base}/api2/json${path}`, { method, agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const { statusCode: status = 0, statusMessage: reason = "" } = response;
        const body = JSON.parse(Buffer.concat(chunks).toString()) as Pick<
          Answer,
          "data" | "errors"
        >;
        resolve({ status, reason, ...body });
      });
    });
    outgoing.on("error", reject);
    outgoing.end(form);
  });
}
