import { addData, newVm, userWith } from "../support/guests";
import { type Lab, newLab } from "../support/lab";

let lab: Lab;
beforeEach(async () => {
  lab = await newLab();
  await lab.cluster();
  await addData(lab);
  await newVm(lab, { vmid: 100 }, "pve01");
  await lab.clock.advance(10_000);
  await newVm(lab, { vmid: 101 }, "pve02");
});

const tasks = (auth = lab.ticket("pve01")) =>
  lab.data<{ id: string; node: string; user: string; tokenid?: string }[]>(
    "pve01",
    "GET",
    "/cluster/tasks",
    {},
    auth,
  );
const log = (params = {}, auth = lab.ticket("pve01")) =>
  lab.data<{ msg: string; pri: number; id: string }[]>(
    "pve01",
    "GET",
    "/cluster/log",
    params,
    auth,
  );

describe("the cluster's tasks", () => {
  it("are those of every node that is heard of, the newest first", async () => {
    expect(await tasks()).toMatchObject([
      { node: "pve02", id: "101", type: "qmcreate", status: "OK", saved: "1" },
      { node: "pve01", id: "100", type: "qmcreate", status: "OK", saved: "1" },
    ]);
    lab.site.hardware.switchPower("pve02", false);
    await lab.clock.advance(60_000);
    expect((await tasks()).map(({ node }) => node)).toEqual(["pve01"]);
  });

  it("tell a token apart from its user, who sees what it does", async () => {
    await userWith(lab, ["VM.Allocate", "VM.Config.Options"]);
    const { value } = await lab.data<{ value: string }>(
      "pve01",
      "POST",
      "/access/users/a@pve/token/t1",
      { privsep: 0 },
    );
    const token = { authorization: `PVEAPIToken=a@pve!t1=${value}` };
    await lab.data("pve01", "POST", "/nodes/pve01/qemu", { vmid: 102 }, token);
    expect((await tasks())[0]).toMatchObject({ user: "a@pve", tokenid: "t1" });
    expect((await tasks(lab.ticket("pve01", "a@pve"))).map(({ id }) => id)).toEqual(["102"]);
  });
});

describe("the cluster's log", () => {
  it("has the beginnings and ends of tasks, the newest first", async () => {
    const entries = await log();
    expect(entries.map(({ msg }) => msg.replace(/UPID:(\w+):.*:$/, "$1").split(" "))).toEqual([
      ["end", "task", expect.stringMatching(/^UPID:pve02/), "OK"],
      ["starting", "task", "pve02"],
      ["end", "task", expect.stringMatching(/^UPID:pve01/), "OK"],
      ["starting", "task", "pve01"],
    ]);
    expect(entries[0]).toMatchObject({ id: "4:pve02", uid: 4, pri: 6, tag: "pvedaemon" });
    expect(await log({ max: 1 })).toEqual([entries[0]]);
  });

  it("marks failures as errors", async () => {
    const volume = "/nodes/pve01/storage/local-lvm/content/local-lvm:vm-999-disk-0";
    await lab.clock.advance(1_000);
    await lab.task("pve01", "DELETE", volume);
    const [entry] = await log();
    expect(entry).toMatchObject({
      pri: 3,
      msg: expect.stringMatching(/^end task .* Failed to find logical volume/) as string,
    });
  });

  it("shows others' entries to who may read logs", async () => {
    await lab.data("pve01", "POST", "/access/users", { userid: "a@pve" });
    expect(await log({}, lab.ticket("pve01", "a@pve"))).toEqual([]);
    await lab.data("pve01", "PUT", "/access/acl", {
      path: "/",
      roles: "PVESysAdmin",
      users: "a@pve",
    });
    expect(await log({}, lab.ticket("pve01", "a@pve"))).toHaveLength(4);
  });
});
