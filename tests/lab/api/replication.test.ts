import { addData, newVm } from "../support/guests";
import { type Lab, newLab } from "../support/lab";

let lab: Lab;
beforeEach(async () => {
  lab = await newLab();
  await lab.cluster();
  await addData(lab);
  await newVm(lab);
  const config = lab.site.pmxcfs("pve01");
  // Storage of this kind replicates.
  config.storages.zfs = { type: "zfspool", pool: "rpool/data", content: "images,rootdir" };
  const guest = config.guests["100"];
  if (guest) guest.config.scsi0 = "zfs:vm-100-disk-0,size=1G";
});

const ask = (method: string, path = "", params = {}) =>
  lab.api("pve01", method, `/cluster/replication${path}`, params);
const job = { id: "100-0", type: "local", target: "pve02" };

describe("a replication job", () => {
  it("belongs to a guest and its node, with numbers bare", async () => {
    await ask("POST", "", { ...job, rate: 1.5, schedule: "*/30", comment: "c", disable: 1 });
    const told = {
      ...job,
      guest: 100,
      jobnum: 0,
      source: "pve01",
      rate: 1.5,
      schedule: "*/30",
      comment: "c",
      disable: 1,
    };
    expect((await ask("GET")).data).toEqual([told]);
    expect((await ask("GET", "/100-0")).data).toMatchObject(told);
  });

  it("is changed, but for its target", async () => {
    await ask("POST", "", { ...job, comment: "c" });
    await ask("PUT", "/100-0", { rate: 2, delete: "comment" });
    const { data } = await ask("GET", "/100-0");
    expect(data).toMatchObject({ rate: 2 });
    expect(data).not.toHaveProperty("comment");
    expect((await ask("PUT", "/100-0", { delete: "target" })).reason).toBe(
      "unable to delete required option 'target'",
    );
  });

  it("is marked when it is deleted, and ended by the scheduler within a minute", async () => {
    await ask("POST", "", job);
    expect((await ask("DELETE", "/100-0")).status).toBe(200);
    expect((await ask("GET", "/100-0")).data).toMatchObject({ remove_job: "full" });
    await lab.clock.advance(60_000);
    expect((await ask("GET")).data).toEqual([]);
    expect((await ask("GET", "/100-0")).reason).toBe("no such replication job '100-0'");
  });

  it("is gone at once when that is forced", async () => {
    await ask("POST", "", job);
    expect((await ask("DELETE", "/100-0", { force: 1, keep: 1 })).errors).toEqual({
      keep: "conflicts with parameter 'force'",
    });
    await ask("DELETE", "/100-0", { force: 1 });
    expect((await ask("GET")).data).toEqual([]);
  });

  it.each([
    [{ ...job, id: "200-0" }, "Guest '200' does not exist."],
    [{ ...job, target: "pve09" }, "Target 'pve09' does not exist."],
    [{ ...job, target: "pve01" }, "Source and target must not be identical"],
    [
      { ...job, source: "pve02" },
      "Source 'pve02' does not match current node of guest '100' (pve01)",
    ],
    [
      { ...job, id: "100-1" },
      "replication job for guest '100' to target 'local/pve02' already exists",
    ],
    [job, "replication job '100-0' already exists"],
  ])("refuses %j", async (params, reason) => {
    await ask("POST", "", job);
    expect(await ask("POST", "", params)).toMatchObject({ status: 500, reason });
  });

  it("needs disks that replicate", async () => {
    await newVm(lab, { vmid: 101, scsi0: "local-lvm:1" });
    expect((await ask("POST", "", { ...job, id: "101-0" })).reason).toBe(
      "missing replicate feature on volume 'local-lvm:vm-101-disk-0'",
    );
    await newVm(lab, { vmid: 102, scsi0: "Data:1" });
    expect((await ask("POST", "", { ...job, id: "102-0" })).reason).toBe(
      "No replicatable volumes found",
    );
  });

  it("is for who may replicate the guest", async () => {
    await ask("POST", "", job);
    await lab.data("pve01", "POST", "/access/users", { userid: "a@pve" });
    const auth = lab.ticket("pve01", "a@pve");
    const asked = (method: string, path: string) =>
      lab.api("pve01", method, `/cluster/replication${path}`, {}, auth);
    expect((await asked("GET", "")).data).toEqual([]);
    expect((await asked("GET", "/100-0")).reason).toBe(
      "Permission check failed (/vms/100, VM.Audit)",
    );
    expect((await asked("DELETE", "/100-0")).reason).toBe(
      "Permission check failed (/vms/100, VM.Replicate)",
    );
    Object.assign(lab.site.host("pve01"), { release: 8 });
    expect((await asked("DELETE", "/100-0")).reason).toBe(
      "Permission check failed (/storage, Datastore.Allocate)",
    );
  });
});
