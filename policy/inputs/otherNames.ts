/** What guests and their HA were called up to version 7 of the provider, with the same inputs. */
const BEFORE_8: Record<string, string> = {
  "proxmoxve:VM/virtualMachine:VirtualMachine": "proxmoxve:index/vmLegacy:VmLegacy",
  "proxmoxve:CT/container:Container": "proxmoxve:index/containerLegacy:ContainerLegacy",
  "proxmoxve:HA/hAResource:HAResource": "proxmoxve:index/haresource:Haresource",
  "proxmoxve:HA/hAGroup:HAGroup": "proxmoxve:index/hagroup:Hagroup",
};

/** What version 8 of the provider calls a type of resources. */
export function nameSince8(type: string): string {
  return BEFORE_8[type] ?? type;
}
