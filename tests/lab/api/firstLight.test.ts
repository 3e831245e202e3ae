import { addData, configOf, newCt, newVm } from "../support/guests";
import { type Auth, type Lab, newLab } from "../support/lab";

/** What a client of Proxmox VE trips over first when a stand-in gets it wrong; each check catches one class of mistake. */
let lab: Lab;
let token: Auth;
beforeEach(async () => {
  lab = await newLab();
  await addData(lab);
  await lab.data("pve01", "POST", "/access/users", { userid: "ci@pve" });
  const path = "/access/users/ci@pve/token/t1";
  const { value } = await lab.data<{ value: string }>("pve01", "POST", path, { privsep: 0 });
  await lab.data("pve01", "PUT", "/access/acl", {
    path: "/",
    roles: "PVEVMAdmin",
    users: "ci@pve",
  });
  token = { authorization: `PVEAPIToken=ci@pve!t1=${value}` };
});

const ask = (method: string, path: string, params = {}, auth = token) =>
  lab.api("pve01", method, path, params, auth);

it("a path that is not there answers 501 with words, never 404", async () => {
  for (const path of ["/nodes/pve01/hardware", "/nonsense"]) {
    expect(await ask("GET", path)).toEqual({
      status: 501,
      reason: `Method 'GET ${path}' not implemented`,
      data: null,
    });
  }
});

it("no token and a wrong token answer 401 after a delay, a missing privilege 403 at once", async () => {
  const [id = ""] = String(token.authorization).split(/=[^=]*$/);
  for (const auth of [{}, { authorization: `${id}=wrong` }]) {
    const before = lab.clock.now();
    expect((await ask("GET", "/version", {}, auth)).status).toBe(401);
    expect(lab.clock.now() - before).toBeGreaterThanOrEqual(3_000);
  }
  const before = lab.clock.now();
  expect((await ask("GET", "/storage/Data")).status).toBe(403);
  expect(lab.clock.now()).toBe(before);
});

it("a VMID that is taken answers 500 in the words that clients look for", async () => {
  expect((await ask("POST", "/nodes/pve01/qemu", { vmid: 100 })).status).toBe(200);
  expect(await ask("POST", "/nodes/pve01/qemu", { vmid: 100 })).toMatchObject({
    status: 500,
    reason: "unable to create VM 100 - VM 100 already exists on node 'pve01'",
  });
});

it("a configuration has bare numbers and booleans, disks with sizes, cards with addresses", async () => {
  await newVm(lab, {
    cores: 2,
    onboot: 1,
    acpi: 0,
    scsi0: "Data:8",
    net0: "model=virtio,bridge=vmbr0",
  });
  const config = await configOf(lab, "qemu", 100);
  expect([config.cores, config.onboot, config.acpi]).toEqual([2, 1, 0]);
  expect(config.scsi0).toMatch(/,size=8G$/);
  expect(config.net0).toMatch(/^virtio=([0-9A-F]{2}:){5}[0-9A-F]{2},/);
});

it("a disk that is changed without its size still has it", async () => {
  await newVm(lab, { scsi0: "local-lvm:8" });
  const scsi0 = "local-lvm:vm-100-disk-0,cache=none";
  await lab.data("pve01", "PUT", "/nodes/pve01/qemu/100/config", { scsi0 });
  expect(await configOf(lab, "qemu", 100)).toMatchObject({ scsi0: `${scsi0},size=8G` });
});

it("a VM that is deleted does not exist, in the words that clients look for", async () => {
  await newVm(lab);
  const path = "/nodes/pve01/qemu/100/?destroy-unreferenced-disks=1&purge=1";
  expect(await lab.task("pve01", "DELETE", path)).toBe("OK");
  expect(await ask("GET", "/nodes/pve01/qemu/100/status/current")).toMatchObject({
    status: 500,
    reason: "Configuration file 'nodes/pve01/qemu-server/100.conf' does not exist",
  });
});

it("a repeated delete key deletes each", async () => {
  await newCt(lab, { net1: "name=eth1,bridge=vmbr0", mp0: "Data:1,mp=/data" });
  const path = "/nodes/pve01/lxc/101/config";
  await lab.data("pve01", "PUT", path, { delete: ["net1", "mp0"] });
  const config = await configOf(lab, "lxc", 101);
  expect([config.net1, config.mp0]).toEqual([undefined, undefined]);
});

it("a volume is found under its name encoded once, and not twice", async () => {
  const content = "/nodes/pve01/storage/Data/content";
  for (const name of ["Data:iso%2Fsetup.iso", "Data:iso/setup.iso"]) {
    expect((await lab.api("pve01", "GET", `${content}/${name}`)).data).toMatchObject({ size: 5 });
  }
  expect((await lab.api("pve01", "GET", `${content}/Data:iso%252Fsetup.iso`)).status).toBe(500);
});

it("ids that are asked for and used at once are used once, and no guest is lost", async () => {
  const made = await Promise.all(
    Array.from({ length: 32 }, async () => {
      for (;;) {
        const vmid = await lab.data<number>("pve01", "GET", "/cluster/nextid");
        const { status } = await ask("POST", "/nodes/pve01/qemu", { vmid, description: `${vmid}` });
        if (status === 200) return vmid;
      }
    }),
  );
  expect([...made].sort()).toEqual(Array.from({ length: 32 }, (_, index) => 100 + index));
  for (const vmid of made) {
    expect(await configOf(lab, "qemu", vmid)).toMatchObject({ description: `${vmid}` });
  }
});
