import { promisify } from "node:util";
import { utils } from "ssh2";
import type { HostState, Pmxcfs } from "../state/types";

const ID_RSA = "/root/.ssh/id_rsa";
const AUTHORIZED = "/root/.ssh/authorized_keys";
const CLUSTER_AUTHORIZED = "/etc/pve/priv/authorized_keys";

const generate = promisify(
  (options: { bits: number; comment: string }, done: (e: Error | null, k?: KeyTexts) => void) =>
    utils.generateKeyPair("rsa", options, done as never),
);

interface KeyTexts {
  private: string;
  public: string;
}

/** `/root/.ssh/id_rsa`, made if it is missing; the public half is returned. */
export async function ensureRootKey(host: HostState): Promise<string> {
  const known = host.files[`${ID_RSA}.pub`];
  if (known && host.files[ID_RSA]) return known.content.trim();
  // 2048 bits where PVE takes 4096: nobody attacks the lab, and its users wait for the key.
  const keys = await generate({ bits: 2048, comment: `root@${host.name}` });
  if (!keys) throw new Error("no key was generated");
  host.files[ID_RSA] = { content: keys.private, mode: 0o600 };
  host.files[`${ID_RSA}.pub`] = { content: `${keys.public.trim()}\n`, mode: 0o644 };
  return keys.public.trim();
}

/**
 * Setup.pm: root's key joins the cluster's, the host's own authorized_keys move into the cluster file system and
 * become a link, and root login is allowed.
 */
export async function ensureClusterKeys(host: HostState, config: Pmxcfs): Promise<void> {
  const own = await ensureRootKey(host);
  const local = host.files[AUTHORIZED];
  const lines = new Set([
    ...linesOf(config.authorizedKeys),
    ...(local && local.link === undefined ? linesOf(local.content) : []),
    own,
  ]);
  config.authorizedKeys = `${[...lines].join("\n")}\n`;
  host.files[AUTHORIZED] = { content: "", mode: 0o777, link: CLUSTER_AUTHORIZED };
  host.files["/root/.ssh/config"] ??= {
    content: "Ciphers aes128-ctr,aes192-ctr,aes256-ctr,aes128-gcm@openssh.com\n",
    mode: 0o640,
  };
  const sshd = host.files["/etc/ssh/sshd_config"];
  if (sshd && !/^PermitRootLogin yes$/m.test(sshd.content)) {
    sshd.content = `${sshd.content.replace(/^#?PermitRootLogin .*\n?/m, "")}PermitRootLogin yes\n`;
  }
}

export function linesOf(text: string): string[] {
  return text.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("#"));
}
