import { clusterOfTwo, clusterWithWitness, type Machines } from "./support/machines";

const state = (lab: Machines, node: "pve01" | "pve02"): string => {
  const { total, expected, quorate } = lab.site.quorum.votes(node);
  return `${total}/${expected} ${quorate ? "quorate" : "blocked"}`;
};

/** Seconds until `holds`, looked at every quarter of a second as the recordings were. */
async function secondsUntil(lab: Machines, holds: () => boolean): Promise<number> {
  for (let quarter = 0; quarter <= 160; quarter++) {
    if (holds()) return quarter / 4;
    await lab.advance(0.25);
  }
  return Number.POSITIVE_INFINITY;
}

describe("without a QDevice", () => {
  let lab: Machines;
  beforeEach(async () => {
    lab = await clusterOfTwo();
  });

  it("the loss of one node blocks the other after 6 to 7 s", async () => {
    lab.power("pve02", false);
    expect(state(lab, "pve01")).toBe("2/2 quorate");
    const passed = await secondsUntil(lab, () => !lab.site.quorum.isQuorate("pve01"));
    expect(passed).toBeGreaterThanOrEqual(6);
    expect(passed).toBeLessThanOrEqual(7);
    expect(state(lab, "pve01")).toBe("1/2 blocked");
  });

  it("a cut cable blocks both, and its return heals both after 2 to 3 s", async () => {
    lab.site.hardware.plug("pve02", false);
    await lab.advance(20);
    expect([state(lab, "pve01"), state(lab, "pve02")]).toEqual(["1/2 blocked", "1/2 blocked"]);
    lab.site.hardware.plug("pve02", true);
    const passed = await secondsUntil(lab, () => lab.site.quorum.isQuorate("pve02"));
    expect(passed).toBeGreaterThanOrEqual(2);
    expect(passed).toBeLessThanOrEqual(3);
    expect(state(lab, "pve01")).toBe("2/2 quorate");
  });

  it("a node that has lost its power is online until corosync notices", async () => {
    const online = async (): Promise<unknown[]> => {
      type Row = { name?: string; node?: string; online?: number; status?: string };
      const status = await lab.data<Row[]>("pve01", "GET", "/cluster/status");
      const nodes = await lab.data<Row[]>("pve01", "GET", "/cluster/resources?type=node");
      return [
        status.find(({ name }) => name === "pve02")?.online,
        nodes.find(({ node }) => node === "pve02")?.status,
      ];
    };
    lab.power("pve02", false);
    expect(await online()).toEqual([1, "online"]);
    await lab.advance(7);
    expect(await online()).toEqual([0, "offline"]);
  });

  it("a node whose corosync is stopped has no quorum and no status", async () => {
    await lab.out("pve02", "systemctl stop corosync");
    expect(await lab.run("pve02", "pvecm status")).toMatchObject({
      stdout: expect.stringMatching(/^Cluster information\n/),
      stderr: "Cannot initialize CMAP service\n",
      exitCode: 1,
    });
    expect(await lab.run("pve02", "pvecm nodes")).toMatchObject({ stdout: "", exitCode: 1 });
    expect((await lab.run("pve02", "touch /etc/pve/x")).exitCode).not.toBe(0);
    await lab.out("pve02", "systemctl start corosync");
    await lab.advance(5);
    expect([state(lab, "pve01"), state(lab, "pve02")]).toEqual(["2/2 quorate", "2/2 quorate"]);
  });

  it("an interruption shorter than the token is not noticed", async () => {
    lab.site.hardware.plug("pve02", false);
    await lab.advance(2);
    lab.site.hardware.plug("pve02", true);
    await lab.advance(20);
    expect(state(lab, "pve01")).toBe("2/2 quorate");
    expect(await lab.status("pve01", "Ring ID")).toBe(await lab.status("pve02", "Ring ID"));
  });
});

describe("with a witness", () => {
  let lab: Machines;
  beforeEach(async () => {
    lab = await clusterWithWitness();
  });

  it.each([
    ["pve02", "pve01"],
    ["pve01", "pve02"],
  ] as const)("the loss of %s leaves %s alone and quorate within 30 s", async (dead, left) => {
    lab.power(dead, false);
    const passed = await secondsUntil(lab, () => lab.site.quorum.view(left).members.length === 1);
    expect(passed).toBeGreaterThanOrEqual(6);
    expect(passed).toBeLessThanOrEqual(10);
    expect(state(lab, left)).toBe("2/3 quorate");
  });

  it("a node that is cut off goes on saying quorate for 11 to 13 s", async () => {
    lab.site.hardware.plug("pve02", false);
    const passed = await secondsUntil(lab, () => !lab.site.quorum.isQuorate("pve02"));
    expect(passed).toBeGreaterThanOrEqual(11);
    expect(passed).toBeLessThanOrEqual(13);
    expect([state(lab, "pve01"), state(lab, "pve02")]).toEqual(["2/3 quorate", "1/3 blocked"]);
  });

  it("the loss of the witness's service takes its vote at once; it is back after about 6 s", async () => {
    await lab.out("nas", "systemctl stop corosync-qnetd");
    expect(state(lab, "pve01")).toBe("2/3 quorate");
    await lab.out("nas", "systemctl start corosync-qnetd");
    const passed = await secondsUntil(lab, () => state(lab, "pve01") === "3/3 quorate");
    expect(passed).toBeGreaterThanOrEqual(5.5);
    expect(passed).toBeLessThanOrEqual(6.5);
  });

  it("with the witness long dead, the loss of a node blocks the other after 7 to 8 s", async () => {
    await lab.out("nas", "systemctl stop corosync-qnetd");
    await lab.advance(60);
    lab.site.hardware.plug("pve02", false);
    const passed = await secondsUntil(lab, () => !lab.site.quorum.isQuorate("pve01"));
    expect(passed).toBeGreaterThanOrEqual(7);
    expect(passed).toBeLessThanOrEqual(8);
  });

  it("the loss of the switch blocks both, and its return heals both", async () => {
    for (const host of ["pve01", "pve02", "nas"]) lab.site.hardware.plug(host, false);
    await lab.advance(30);
    expect([state(lab, "pve01"), state(lab, "pve02")]).toEqual(["1/3 blocked", "1/3 blocked"]);
    for (const host of ["pve01", "pve02", "nas"]) lab.site.hardware.plug(host, true);
    await lab.advance(30);
    expect([state(lab, "pve01"), state(lab, "pve02")]).toEqual(["3/3 quorate", "3/3 quorate"]);
  });

  it("a node that comes back is a member again, with its vote", async () => {
    lab.power("pve02", false);
    await lab.advance(30);
    lab.power("pve02", true);
    await lab.advance(30);
    expect([state(lab, "pve01"), state(lab, "pve02")]).toEqual(["3/3 quorate", "3/3 quorate"]);
  });

  it("never are two halves quorate that do not hear each other", async () => {
    for (const cut of [["pve01"], ["pve02"], ["nas"], ["pve01", "nas"], ["pve02", "nas"]]) {
      for (const host of cut) lab.site.hardware.plug(host, false);
      await lab.advance(30);
      const apart = !lab.site.hardware.canReach("pve01", "pve02");
      const quorate = ["pve01", "pve02"].filter((node) => lab.site.quorum.isQuorate(node));
      expect(apart && quorate.length > 1).toBe(false);
      for (const host of cut) lab.site.hardware.plug(host, true);
      await lab.advance(30);
    }
  });
});

describe("a node without quorum", () => {
  let lab: Machines;
  beforeEach(async () => {
    lab = await clusterOfTwo();
    lab.power("pve02", false);
    await lab.advance(10);
  });

  it("answers reads, and says that it is not quorate", async () => {
    expect(await lab.data("pve01", "GET", "/cluster/status")).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ type: "cluster", quorate: 0, nodes: 2 }),
        expect.objectContaining({ name: "pve01", online: 1 }),
        expect.objectContaining({ name: "pve02", online: 0 }),
      ]),
    );
    expect(await lab.data("pve01", "GET", "/storage")).not.toEqual([]);
  });

  it.each([
    ["POST", "/cluster/ha/resources", { sid: "vm:100" }, "cluster not ready - no quorum?"],
    ["POST", "/nodes/pve01/qemu", { vmid: 100 }, "cluster not ready - no quorum?"],
  ])("refuses %s %s with PVE's words", async (method, path, params, words) => {
    const { status, reason } = await lab.api("pve01", method, path, params);
    expect([status, reason]).toEqual([500, words]);
  });

  it("takes writes again when the other is back", async () => {
    lab.power("pve02", true);
    await lab.advance(10);
    const { status } = await lab.api("pve01", "POST", "/access/users", { userid: "back@pve" });
    expect(status).toBe(200);
  });
});
