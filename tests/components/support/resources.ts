import { plain, type Registered } from "./pulumi";

/** The short name of a type: `Nfs` of `proxmoxve:storage/nfs:Nfs`. */
export const kind = (resource: Registered): string => resource.type.split(":").at(-1) ?? "";

/** `Nfs Data` */
export const title = (resource: Registered): string => `${kind(resource)} ${resource.name}`;

export function get(resources: Registered[], wanted: string): Registered {
  const found = resources.find((resource) => title(resource) === wanted);
  if (!found) throw new Error(`there is no ${wanted}`);
  return found;
}

/** Inputs without the marks of secrets. */
export const inputsOf = (resources: Registered[], wanted: string): Record<string, unknown> =>
  plain(get(resources, wanted).inputs) as Record<string, unknown>;

/** Resources that exist in Proxmox VE under an id that the plan decides. */
export const inProxmox = (resources: Registered[]): Registered[] =>
  resources.filter(({ type, custom }) => custom && type.startsWith("proxmoxve:"));
