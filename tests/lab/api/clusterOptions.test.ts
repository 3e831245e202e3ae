import { newVm } from "../support/guests";
import { type Lab, newLab } from "../support/lab";

let lab: Lab;
beforeEach(async () => {
  lab = await newLab();
});

const put = (params: Record<string, string | number>) =>
  lab.api("pve01", "PUT", "/cluster/options", params);
const options = () => lab.data<Record<string, unknown>>("pve01", "GET", "/cluster/options");

describe("the options of a site", () => {
  it("are few after the installation", async () => {
    expect(await options()).toEqual({
      description: "",
      mac_prefix: "BC:24:11",
      "allowed-tags": [],
    });
  });

  it("are sent as property strings and read as objects", async () => {
    await put({
      migration: "insecure,network=10.0.0.0/24",
      ha: "shutdown_policy=migrate",
      crs: "ha=static,ha-rebalance-on-start=1",
      "next-id": "lower=100,upper=9999",
      bwlimit: "clone=10,migration=20",
      max_workers: 4,
      "registered-tags": "a;b",
    });
    expect(await options()).toMatchObject({
      migration: { type: "insecure", network: "10.0.0.0/24" },
      ha: { shutdown_policy: "migrate" },
      crs: { ha: "static", "ha-rebalance-on-start": 1 },
      "next-id": { lower: "100", upper: "9999" },
      bwlimit: "clone=10,migration=20",
      max_workers: "4",
      "registered-tags": ["a", "b"],
      "allowed-tags": ["a", "b"],
    });
  });

  it("keep a description as lines, each with its end", async () => {
    await put({ description: "one\ntwo" });
    expect((await options()).description).toBe("one\ntwo\n");
    await put({ delete: "description" });
    expect((await options()).description).toBe("");
  });

  it("know old spellings", async () => {
    await put({ console: "applet", migration_unsecure: 1, mac_prefix: "bc:24:11" });
    expect(await options()).toMatchObject({ console: "html5", migration: { type: "insecure" } });
    expect(lab.site.pmxcfs("pve01").options).not.toHaveProperty("mac_prefix");
  });

  it("are refused as Proxmox VE refuses them", async () => {
    expect(await put({ mac_prefix: "01" })).toMatchObject({
      status: 400,
      errors: {
        mac_prefix: "invalid format - value is not a valid unicast MAC address prefix\n",
      },
    });
    expect((await put({ keyboard: "xx" })).status).toBe(400);
    expect((await put({ "next-id": "lower=200,upper=150" })).reason).toBe(
      "lower (200) <= upper (150) boundary rule broken",
    );
  });

  it("say from where free VMIDs are taken", async () => {
    await put({ "next-id": "lower=500,upper=502" });
    expect(await lab.data("pve01", "GET", "/cluster/nextid")).toBe(500);
    await newVm(lab, { vmid: 500 });
    expect(await lab.data("pve01", "GET", "/cluster/nextid")).toBe(501);
    await newVm(lab, { vmid: 501 });
    expect(await lab.api("pve01", "GET", "/cluster/nextid")).toMatchObject({
      status: 500,
      reason: "unable to get any free VMID in range [500, 502]",
    });
  });

  it("are hidden from who does not audit, but for what its screen needs", async () => {
    await put({ console: "vv", keyboard: "de" });
    await lab.data("pve01", "POST", "/access/users", { userid: "a@pve" });
    const auth = lab.ticket("pve01", "a@pve");
    expect(await lab.data("pve01", "GET", "/cluster/options", {}, auth)).toEqual({
      console: "vv",
      "allowed-tags": [],
    });
    expect((await lab.api("pve01", "PUT", "/cluster/options", {}, auth)).status).toBe(403);
  });

  it("offer tags in use where the caller sees their guests", async () => {
    await newVm(lab, { tags: "web;db" });
    expect((await options())["allowed-tags"]).toEqual(["db", "web"]);
  });

  it("are not written without quorum", async () => {
    await lab.cluster();
    lab.site.hardware.switchPower("pve02", false);
    await lab.clock.advance(60_000);
    expect((await put({ keyboard: "de" })).reason).toBe(
      "cfs-lock 'file-datacenter_cfg' error: no quorum!",
    );
  });
});
