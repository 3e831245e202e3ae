import { type Lab, newLab } from "../support/lab";

let lab: Lab;
beforeEach(async () => {
  lab = await newLab();
});

const ask = (method: string, what: string, params = {}) =>
  lab.api("pve01", method, `/nodes/pve01/${what}`, params);
const get = (what: string, params = {}) => lab.data("pve01", "GET", `/nodes/pve01/${what}`, params);

describe("the configuration of a node", () => {
  it("is empty until something is set", async () => {
    expect(await get("config")).toEqual({});
  });

  it("keeps notes as lines, and the rest as text", async () => {
    await ask("PUT", "config", { description: "rack 1", "startall-onboot-delay": 5 });
    expect(await get("config")).toEqual({
      description: "rack 1\n",
      "startall-onboot-delay": "5",
      digest: expect.stringMatching(/^[0-9a-f]{40}$/) as string,
    });
    expect(await get("config", { property: "description" })).toEqual({ description: "rack 1\n" });
    expect(await get("config", { property: "wakeonlan" })).toEqual({});
    await ask("PUT", "config", { delete: "description" });
    expect(await get("config")).toMatchObject({ description: "" });
  });

  it("is not changed over what somebody else has changed", async () => {
    await ask("PUT", "config", { description: "a" });
    expect((await ask("PUT", "config", { description: "b", digest: "x" })).reason).toMatch(
      /^detected modified configuration/,
    );
  });

  it("belongs to the cluster: any node shows it, none changes it without quorum", async () => {
    await lab.cluster();
    await ask("PUT", "config", { description: "a" });
    expect(await lab.data("pve02", "GET", "/nodes/pve01/config")).toMatchObject({
      description: "a\n",
    });
    lab.site.hardware.switchPower("pve02", false);
    await lab.clock.advance(60_000);
    expect((await ask("PUT", "config", { description: "b" })).reason).toMatch(/Permission denied$/);
  });
});

describe("the hosts file of a node", () => {
  it("is read and written whole", async () => {
    const data = "127.0.0.1 localhost\n# a comment, with anything\n10.0.0.1 a.lan a\n";
    await ask("POST", "hosts", { data });
    expect(await get("hosts")).toEqual({
      data,
      digest: expect.stringMatching(/^[0-9a-f]{40}$/) as string,
    });
    expect(lab.site.host("pve01").files["/etc/hosts"]?.content).toBe(data);
  });

  it.each([
    ["nonsense a", "Invalid IP 'nonsense'"],
    ["10.0.0.1 a_b", "Invalid Hostname 'a_b'"],
  ])("refuses %j", async (data, words) => {
    expect(await ask("POST", "hosts", { data })).toMatchObject({
      status: 400,
      errors: { data: words },
    });
  });

  it("is not written over what somebody else has written", async () => {
    expect((await ask("POST", "hosts", { data: "", digest: "x" })).status).toBe(500);
  });
});

describe("the resolver of a node", () => {
  it("has a domain and up to three servers", async () => {
    expect(await get("dns")).toEqual({ search: "lan", dns1: "192.168.18.1" });
    await ask("PUT", "dns", { search: "example", dns1: "1.1.1.1", dns2: "1.1.1.1", dns3: "::2" });
    expect(await get("dns")).toEqual({ search: "example", dns1: "1.1.1.1", dns2: "::2" });
  });

  it("keeps lines that are not its own", async () => {
    const { files } = lab.site.host("pve01");
    files["/etc/resolv.conf"] = { content: "domain old\noptions rotate\n", mode: 0o644 };
    await ask("PUT", "dns", { search: "new" });
    expect(files["/etc/resolv.conf"]?.content).toBe("search new\noptions rotate\n");
  });

  it("takes addresses only", async () => {
    expect((await ask("PUT", "dns", { search: "a", dns1: "b" })).errors).toEqual({
      dns1: "invalid format - value does not look like a valid IP address\n",
    });
  });
});

describe("the time of a node", () => {
  const now = Date.UTC(2026, 0, 1) / 1000;

  it("is the lab's, as its zone shows it", async () => {
    expect(await get("time")).toEqual({ timezone: "Etc/UTC", time: now, localtime: now });
    await ask("PUT", "time", { timezone: "Europe/Vienna" });
    expect(await get("time")).toEqual({
      timezone: "Europe/Vienna",
      time: now,
      localtime: now + 3600,
    });
    await ask("PUT", "time", { timezone: "America/New_York" });
    expect(await get("time")).toMatchObject({ localtime: now - 5 * 3600 });
  });

  it("has a zone that exists", async () => {
    expect((await ask("PUT", "time", { timezone: "Mars/Base" })).errors).toEqual({
      timezone: "No such timezone",
    });
  });
});
