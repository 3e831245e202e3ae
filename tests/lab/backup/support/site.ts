import { addData, newCt, newVm } from "../../support/guests";
import { type Lab, newLab, type Params } from "../../support/lab";

export type Row = Record<string, unknown>;

/** A site with `Data` for disks and `Backup` for backups, both on the NAS. */
export async function siteWithBackups(clustered = false): Promise<Lab> {
  const lab = await newLab();
  if (clustered) await lab.cluster();
  await addData(lab);
  await lab.data("pve01", "POST", "/storage", {
    storage: "Backup",
    type: "nfs",
    server: "192.168.18.200",
    export: "/backup/pve-backup",
    content: "backup",
  });
  return lab;
}

export const addVm = (lab: Lab, params: Params = {}): Promise<string> =>
  newVm(lab, {
    vmid: 100,
    name: "web",
    scsi0: "Data:8,format=qcow2",
    net0: "virtio,bridge=vmbr0",
    start: 1,
    ...params,
  });

export const addCt = (lab: Lab, params: Params = {}): Promise<string> =>
  newCt(lab, { vmid: 101, hostname: "dns", start: 1, ...params });

/** A backup that is waited for: how its task ended. */
export const vzdump = (lab: Lab, params: Params, node = "pve01"): Promise<string> =>
  lab.task(node, "POST", `/nodes/${node}/vzdump`, { storage: "Backup", ...params });

/** A backup that goes on while the test does something else. */
export const begin = (lab: Lab, params: Params, node = "pve01"): Promise<string> =>
  lab.data<string>(node, "POST", `/nodes/${node}/vzdump`, { storage: "Backup", ...params });

export const lastTask = (lab: Lab, node = "pve01") => {
  const task = lab.site.nodeState(node).tasks.at(-1);
  if (!task) throw new Error("no task has run");
  return task;
};

export const archives = (lab: Lab, query = ""): Promise<Row[]> =>
  lab.data<Row[]>("pve01", "GET", `/nodes/pve01/storage/Backup/content?content=backup${query}`);

export async function newestArchive(lab: Lab): Promise<string> {
  const list = await archives(lab);
  const [newest] = list.sort((a, b) => Number(b.ctime) - Number(a.ctime));
  return String(newest?.volid);
}

export const guest = (lab: Lab, vmid: number, node = "pve01") => {
  const found = lab.site.pmxcfs(node).guests[String(vmid)];
  if (!found) throw new Error(`no guest ${vmid}`);
  return found;
};

export const runOf = (lab: Lab, vmid: number, node = "pve01") =>
  lab.site.nodeState(node).running[String(vmid)];
