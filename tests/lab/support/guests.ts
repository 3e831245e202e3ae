import type { Lab, Params } from "./lab";

export const GIB = 1024 ** 3;
export const TEMPLATE = "vztmpl/debian-13-standard_13.1-2_amd64.tar.zst";

/** The NAS as storage `Data` on the given node, with a container template on it. */
export async function addData(lab: Lab, node = "pve01"): Promise<void> {
  await lab.data(node, "POST", "/storage", {
    storage: "Data",
    type: "nfs",
    server: "192.168.18.200",
    export: "/backup/pve-data",
    content: "images,rootdir,iso,vztmpl,import",
  });
  lab.site.storages
    .volumes(node, "Data")
    .push(
      { name: TEMPLATE, content: "vztmpl", format: "tzst", size: 100, ctime: 1 },
      { name: "iso/setup.iso", content: "iso", format: "iso", size: 5, ctime: 1 },
      { name: "import/disk.qcow2", content: "import", format: "qcow2", size: 3 * GIB, ctime: 1 },
    );
}

export const newVm = (lab: Lab, params: Params = {}, node = "pve01"): Promise<string> =>
  lab.task(node, "POST", `/nodes/${node}/qemu`, { vmid: 100, ...params });

export const newCt = (lab: Lab, params: Params = {}, node = "pve01"): Promise<string> =>
  lab.task(node, "POST", `/nodes/${node}/lxc`, {
    vmid: 101,
    ostemplate: `Data:${TEMPLATE}`,
    rootfs: "Data:8",
    ...params,
  });

export const configOf = (
  lab: Lab,
  type: "qemu" | "lxc",
  vmid: number,
  node = "pve01",
): Promise<Record<string, unknown>> =>
  lab.data(node, "GET", `/nodes/${node}/${type}/${vmid}/config`);

/** A user with the given privileges on everything, and what it sends to say who it is. */
export async function userWith(lab: Lab, privs: string[], node = "pve01") {
  await lab.data(node, "POST", "/access/users", { userid: "a@pve" });
  await lab.data(node, "POST", "/access/roles", { roleid: "r1", privs: privs.join(",") });
  await lab.data(node, "PUT", "/access/acl", { path: "/", roles: "r1", users: "a@pve" });
  return lab.ticket(node, "a@pve");
}

/** The volids of a guest's disks wherever they are. */
export async function disksOf(lab: Lab, vmid: number, node = "pve01"): Promise<string[]> {
  const list = async (storage: string) =>
    lab.data<{ volid: string }[]>(
      node,
      "GET",
      `/nodes/${node}/storage/${storage}/content?vmid=${vmid}`,
    );
  const found = [...(await list("Data")), ...(await list("local-lvm"))];
  return found.map(({ volid }) => volid);
}
