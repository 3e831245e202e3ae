import { type Lab, newLab } from "../support/lab";

let lab: Lab;
beforeEach(async () => {
  lab = await newLab();
});

const ask = (method: string, path: string, params = {}) => lab.api("pve01", method, path, params);
const get = <T = unknown>(path: string, params = {}) => lab.data<T>("pve01", "GET", path, params);
const base = "/cluster/firewall";
const guest = "/nodes/pve01/qemu/100/firewall";
const digest = expect.stringMatching(/^[0-9a-f]{40}$/) as string;

describe("aliases", () => {
  const aliases = `${base}/aliases`;

  it("are known in any case, and tell their IP version", async () => {
    await ask("POST", aliases, { name: "Web", cidr: "10.0.0.1/32", comment: "c" });
    const web = { name: "Web", cidr: "10.0.0.1", comment: "c", ipversion: 4 };
    expect(await get(`${aliases}/wEB`)).toEqual(web);
    expect(await get(aliases)).toEqual([{ ...web, digest }]);
  });

  it("are changed and renamed", async () => {
    await ask("POST", aliases, { name: "web", cidr: "10.0.0.1" });
    await ask("PUT", `${aliases}/web`, { cidr: "fd00::/8", rename: "Site" });
    expect(await get(aliases)).toMatchObject([{ name: "Site", cidr: "fd00::/8", ipversion: 6 }]);
    expect((await ask("GET", `${aliases}/web`)).errors).toEqual({ name: "no such alias" });
  });

  it("go even when they are not there, or still in use", async () => {
    await ask("POST", aliases, { name: "web", cidr: "10.0.0.1" });
    await ask("POST", `${base}/rules`, { type: "in", action: "ACCEPT", source: "dc/web" });
    expect(await get(`${base}/rules`)).toMatchObject([{ source: "dc/web", ipversion: 4 }]);
    for (let time = 0; time < 2; time++) {
      expect((await ask("DELETE", `${aliases}/web`)).status).toBe(200);
    }
  });

  it.each([
    ["POST", aliases, { name: "WEB", cidr: "10.0.0.2" }, "name", "alias 'WEB' already exists"],
    [
      "PUT",
      `${aliases}/db`,
      { cidr: "10.0.0.2", rename: "web" },
      "name",
      "alias 'web' already exists",
    ],
    ["PUT", `${aliases}/none`, { cidr: "10.0.0.2" }, "name", "no such alias"],
    [
      "POST",
      aliases,
      { name: "x1", cidr: "nonsense" },
      "cidr",
      "invalid format - value does not look like a valid IP address or CIDR network\n",
    ],
  ])("refuse %s %s %j", async (method, path, params, key, words) => {
    for (const name of ["web", "db"]) await ask("POST", aliases, { name, cidr: "10.0.0.1" });
    expect(await ask(method, path, params)).toMatchObject({
      status: 400,
      errors: { [key]: words },
    });
  });

  it("of a guest are its own", async () => {
    await ask("POST", `${guest}/aliases`, { name: "web", cidr: "10.0.0.1" });
    const rule = { type: "in", action: "ACCEPT", source: "guest/web" };
    expect((await ask("POST", `${guest}/rules`, rule)).status).toBe(200);
    expect((await ask("POST", `${base}/rules`, rule)).status).toBe(400);
  });
});

describe("IP sets", () => {
  const sets = `${base}/ipset`;
  beforeEach(() => ask("POST", sets, { name: "lan", comment: "c" }));

  it("hold networks, addresses and aliases, the newest first", async () => {
    await ask("POST", `${base}/aliases`, { name: "web", cidr: "10.0.0.1" });
    await ask("POST", `${sets}/lan`, { cidr: "10.0.0.77/24", nomatch: 1, comment: "d" });
    await ask("POST", `${sets}/lan`, { cidr: "dc/web" });
    await ask("POST", `${sets}/lan`, { cidr: "10.1.1.1/32" });
    expect(await get(`${sets}/lan`)).toEqual([
      { cidr: "10.1.1.1", digest },
      { cidr: "dc/web", digest },
      { cidr: "10.0.0.0/24", nomatch: 1, comment: "d", digest },
    ]);
    expect(await get(sets)).toEqual([{ name: "lan", comment: "c", digest }]);
  });

  it("have entries under their address, whose slash is encoded", async () => {
    await ask("POST", `${sets}/lan`, { cidr: "10.0.0.0/24" });
    const entry = `${sets}/lan/10.0.0.0%2F24`;
    await ask("PUT", entry, { comment: "new" });
    expect(await get(entry)).toEqual({ cidr: "10.0.0.0/24", comment: "new", digest });
    await ask("DELETE", entry);
    expect((await ask("GET", entry)).errors).toEqual({ cidr: "no such IP/Network" });
    expect((await ask("PUT", entry)).errors).toEqual({ cidr: "no such IP/Network" });
  });

  it("are renamed with what they hold", async () => {
    await ask("POST", `${sets}/lan`, { cidr: "10.0.0.1" });
    await ask("POST", sets, { name: "wan", rename: "lan", comment: "" });
    expect(await get(sets)).toEqual([{ name: "wan", digest }]);
    expect(await get(`${sets}/wan`)).toHaveLength(1);
  });

  it("go when they are empty, or by force", async () => {
    await ask("POST", `${sets}/lan`, { cidr: "10.0.0.1" });
    expect((await ask("DELETE", `${sets}/lan`)).reason).toBe("IPSet 'lan' is not empty");
    expect((await ask("DELETE", `${sets}/lan`, { force: 1 })).status).toBe(200);
    expect((await ask("GET", `${sets}/lan`)).reason).toBe("no such IPSet 'lan'");
  });

  it.each([
    [sets, { name: "lan" }, { name: "IPSet 'lan' already exists" }],
    [sets, { name: "wan", rename: "none" }, { name: "IPSet 'none' does not exist" }],
    [`${sets}/lan`, { cidr: "10.0.0.1" }, { cidr: "address '10.0.0.1' already exists" }],
    [
      `${sets}/lan`,
      { cidr: "0.0.0.0/0" },
      { cidr: "a zero prefix is not allowed in ipset entries" },
    ],
  ])("refuse %s %j", async (path, params, errors) => {
    await ask("POST", `${sets}/lan`, { cidr: "10.0.0.1" });
    expect(await ask("POST", path, params)).toMatchObject({ status: 400, errors });
  });

  it("refuse an alias that is not there", async () => {
    expect((await ask("POST", `${sets}/lan`, { cidr: "none" })).reason).toBe(
      "no such alias 'none'",
    );
  });

  it("are among what rules may refer to, a guest's beside the cluster's", async () => {
    await ask("POST", `${guest}/aliases`, { name: "Web", cidr: "10.0.0.1", comment: "w" });
    const lan = { type: "ipset", name: "lan", ref: "+lan", scope: "dc", comment: "c" };
    const web = { type: "alias", name: "web", ref: "web", scope: "guest", comment: "w" };
    expect(await get(`${base}/refs`)).toEqual([lan]);
    expect(await get(`${guest}/refs`)).toEqual([lan, web]);
    expect(await get(`${guest}/refs`, { type: "alias" })).toEqual([web]);
  });
});

describe("options", () => {
  it("of the cluster are numbers and words, kept as they were set", async () => {
    const options = `${base}/options`;
    const set = { enable: 1, ebtables: 0, policy_in: "DROP", log_ratelimit: "enable=1,burst=5" };
    await ask("PUT", options, set);
    expect(await get(options)).toEqual({ ...set, digest });
    await ask("PUT", options, { delete: "enable,ebtables" });
    expect(await get(options)).not.toHaveProperty("enable");
  });

  it("of the cluster switch the firewall on for a minute's trial", async () => {
    await ask("PUT", `${base}/options`, { enable: 2 });
    const enable = async () => (await get<{ enable: number }>(`${base}/options`)).enable;
    expect(await enable()).toBe(Math.floor(lab.clock.now() / 1000));
    await lab.clock.advance(61_000);
    expect(await enable()).toBe(0);
  });

  it("of a node and a guest stand apart", async () => {
    await ask("PUT", "/nodes/pve01/firewall/options", { enable: 1, nf_conntrack_max: 262144 });
    await ask("PUT", `${guest}/options`, { enable: 1, macfilter: 0, log_level_in: "info" });
    expect(await get("/nodes/pve01/firewall/options")).toEqual({
      enable: 1,
      nf_conntrack_max: 262144,
      digest,
    });
    expect(await get(`${guest}/options`)).toEqual({
      enable: 1,
      macfilter: 0,
      log_level_in: "info",
      digest,
    });
    expect(await get(`${base}/options`)).toEqual({ digest });
  });

  it("are refused as Proxmox VE refuses them", async () => {
    const path = "/nodes/pve01/firewall/options";
    expect((await ask("PUT", path, { delete: "policy_in" })).errors).toEqual({
      delete: "no such option 'policy_in'",
    });
    expect((await ask("PUT", path, { nf_conntrack_max: 1 })).errors).toEqual({
      nf_conntrack_max: "value must have a minimum value of 32768",
    });
    expect((await ask("PUT", path, { nf_conntrack_helpers: "ftp,x" })).errors).toEqual({
      nf_conntrack_helpers: "invalid format - unknown helper x\n",
    });
    expect((await ask("PUT", path, { enable: 1, digest: "x" })).status).toBe(500);
  });
});
