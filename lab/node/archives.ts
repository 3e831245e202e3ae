/** Names of the hosts that packages come from. */
export const ARCHIVES = {
  debian: "deb.debian.org",
  security: "security.debian.org",
  proxmox: "download.proxmox.com",
  enterprise: "enterprise.proxmox.com",
} as const;
