import type { Sandbox } from "./sandbox";

/** Starts a lab whose nodes are on release 8, and lets the site file say so. */
export function beginOnRelease8(sandbox: Sandbox): void {
  const { code, text } = sandbox.labCommand("start", "--release", "8");
  if (code !== 0) throw new Error(text);
  sandbox.edit("Pulumi.dev.yaml", "      release: 9\n", "      release: 8\n");
  sandbox.commit("release 8");
}

const UPGRADE = [
  "cd /etc/apt",
  "rm -f sources.list.d/*",
  "wget -qO /usr/share/keyrings/proxmox-archive-keyring.gpg https://enterprise.proxmox.com/debian/proxmox-archive-keyring-trixie.gpg",
  "sed -i s/bookworm/trixie/g sources.list",
  "echo 'deb [signed-by=/usr/share/keyrings/proxmox-archive-keyring.gpg] http://download.proxmox.com/debian/pve trixie pve-no-subscription' >sources.list.d/proxmox.list",
  "apt-get update",
  "apt-get -y dist-upgrade",
].join(" && ");

/** What an operator does on a node, as Proxmox describes the upgrade. Guests run on. */
export function upgradeNode({ lab }: Sandbox, node: string): void {
  lab.out(node, UPGRADE);
}
