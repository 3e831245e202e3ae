import { promisify } from "node:util";
import { utils } from "ssh2";
import { publicKeyOf } from "../state/sshKey";
import type { HostState, Pmxcfs } from "../state/types";

const ID_RSA = "/root/.ssh/id_rsa";
const AUTHORIZED = "/root/.ssh/authorized_keys";
const CLUSTER_AUTHORIZED = "/etc/pve/priv/authorized_keys";
/** Where sshd's clients look for host keys besides root's own file. */
export const SYSTEM_KNOWN_HOSTS = "/etc/ssh/ssh_known_hosts";
const CLUSTER_KNOWN_HOSTS = "/etc/pve/priv/known_hosts";

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
  const existing = host.files[ID_RSA];
  if (existing) {
    const text = `${publicKeyOf(existing.content)} root@${host.name}\n`;
    const file = (host.files[`${ID_RSA}.pub`] ??= { content: text, mode: 0o644 });
    return file.content.trim();
  }
  // 2048 bits where PVE takes 4096: nobody attacks the lab, and its users wait for the key.
  const keys = await generate({ bits: 2048, comment: `root@${host.name}` });
  if (!keys) throw new Error("no key was generated");
  host.files[ID_RSA] = { content: keys.private, mode: 0o600 };
  host.files[`${ID_RSA}.pub`] = { content: `${keys.public.trim()}\n`, mode: 0o644 };
  return keys.public.trim();
}

/**
 * Setup.pm setup_ssh_keys: the host's own authorized_keys become the cluster's where there are none yet, and its file
 * becomes a link. In a join this happens in the joiner's old file system, so keys that only the joiner had are gone
 * with it.
 */
export function linkAuthorizedKeys(host: HostState, config: Pmxcfs): void {
  const local = host.files[AUTHORIZED];
  if (config.authorizedKeys === "" && local && local.link === undefined) {
    config.authorizedKeys = local.content;
  }
  host.files[AUTHORIZED] = { content: "", mode: 0o777, link: CLUSTER_AUTHORIZED };
}

/** Setup.pm ssh_merge_keys: root's key joins the cluster's. */
export function mergeRootKey(host: HostState, config: Pmxcfs): void {
  const own = host.files[`${ID_RSA}.pub`]?.content.trim() ?? "";
  const lines = new Set([...config.authorizedKeys.trimEnd().split("\n"), own]);
  config.authorizedKeys = `${[...lines].filter((line) => line !== "").join("\n")}\n`;
}

/** Setup.pm setup_sshd_config and setup_rootsshconfig, but for the key. */
export function prepareSsh(host: HostState): void {
  host.files["/root/.ssh/config"] ??= {
    content:
      "Ciphers aes128-ctr,aes192-ctr,aes256-ctr,aes128-gcm@openssh.com,aes256-gcm@openssh.com,chacha20-poly1305@openssh.com\n",
    mode: 0o640,
  };
  const sshd = host.files["/etc/ssh/sshd_config"];
  if (!sshd || /^PermitRootLogin\s+yes\s*$/m.test(sshd.content)) return;
  sshd.content = /^#?PermitRootLogin/m.test(sshd.content)
    ? sshd.content.replace(/^#?PermitRootLogin.*$/m, "PermitRootLogin yes")
    : `${sshd.content.trimEnd()}\nPermitRootLogin yes\n`;
}

/**
 * Setup.pm ssh_merge_known_hosts, which only a create still does: the first node's host key, under its name and its
 * address. A joiner's is not added; Proxmox VE's own connections bring their own known_hosts.
 */
export function shareHostKey(host: HostState, config: Pmxcfs): void {
  const key = publicKeyOf(host.sshHostKey);
  config.knownHosts = `${host.name} ${key}\n${host.address} ${key}\n`;
  host.files[SYSTEM_KNOWN_HOSTS] = { content: "", mode: 0o777, link: CLUSTER_KNOWN_HOSTS };
}

export function linesOf(text: string): string[] {
  return text.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("#"));
}
