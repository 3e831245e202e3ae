/** The bridge that Proxmox VE's installer makes, and that guests are connected to unless the site says otherwise. */
export const GUEST_BRIDGE = "vmbr0";
