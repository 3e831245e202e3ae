import { type Lab, newLab } from "../support/lab";

let lab: Lab;
beforeEach(async () => {
  lab = await newLab();
});

const ask = (method: string, path: string, params = {}) => lab.api("pve01", method, path, params);
const base = "/cluster/firewall";
const rules = `${base}/rules`;
const list = (path = rules) => lab.data<Record<string, unknown>[]>("pve01", "GET", path);
const comments = async (path = rules) => (await list(path)).map(({ comment }) => comment);
const accept = { type: "in", action: "ACCEPT" };

describe("rules", () => {
  it("come first when they are new, and are off unless they say otherwise", async () => {
    await ask("POST", rules, { ...accept, comment: "A" });
    await ask("POST", rules, {
      type: "out",
      action: "DROP",
      comment: "B",
      enable: 1,
      log: "nolog",
    });
    const digest = expect.stringMatching(/^[0-9a-f]{40}$/) as string;
    expect(await list()).toEqual([
      { pos: 0, type: "out", action: "DROP", comment: "B", enable: 1, log: "nolog", digest },
      { pos: 1, type: "in", action: "ACCEPT", comment: "A", enable: 0, digest },
    ]);
    expect(await lab.data("pve01", "GET", `${rules}/1`)).toMatchObject({ pos: "1", comment: "A" });
  });

  it("tell the IP version that their addresses or protocol have", async () => {
    await ask("POST", rules, { ...accept, source: "10.0.0.0/8,10.1.1.1" });
    await ask("POST", rules, { ...accept, dest: "fd00::1-fd00::9" });
    await ask("POST", rules, { ...accept, proto: "icmp", "icmp-type": "echo-request" });
    expect((await list()).map(({ ipversion }) => ipversion)).toEqual([4, 6, 4]);
  });

  it("write a macro's name as it is known", async () => {
    await ask("POST", rules, { ...accept, macro: "ssh" });
    expect(await list()).toMatchObject([{ macro: "SSH" }]);
  });

  it.each([
    // Moving down by one takes the place after the next.
    [0, 2, ["B", "A", "C"]],
    [0, 3, ["B", "C", "A"]],
    [0, 9, ["B", "C", "A"]],
    [2, 0, ["C", "A", "B"]],
    [0, 1, ["A", "B", "C"]],
  ])("move from %d to before %d", async (from, to, order) => {
    for (const comment of ["C", "B", "A"]) await ask("POST", rules, { ...accept, comment });
    // Everything else is ignored then.
    await ask("PUT", `${rules}/${from}`, { moveto: to, comment: "X" });
    expect(await comments()).toEqual(order);
  });

  it("are changed in parts, and go", async () => {
    await ask("POST", rules, { ...accept, proto: "tcp", dport: "22,80:90,https", comment: "A" });
    await ask("PUT", `${rules}/0`, { enable: 1, comment: "", delete: "dport" });
    expect(await list()).toEqual([
      { pos: 0, ...accept, proto: "tcp", enable: 1, digest: expect.any(String) as string },
    ]);
    await ask("DELETE", `${rules}/0`);
    expect(await list()).toEqual([]);
  });

  it.each([
    ["GET", `${rules}/0`, {}, "no rule at position 0"],
    ["PUT", `${rules}/0`, { comment: "A" }, "no rule at position 0"],
    ["DELETE", `${rules}/0`, {}, "no rule at position 0"],
    ["POST", `${base}/groups/none`, accept, "no such security group 'none'"],
  ])("refuse %s %s", async (method, path, params, reason) => {
    expect(await ask(method, path, params)).toMatchObject({ status: 500, reason });
  });

  it.each([
    [
      { type: "forward", action: "REJECT" },
      "action",
      "cannot define REJECT rules on forward chain",
    ],
    [{ type: "in", action: "JUMP" }, "action", "unknown action 'JUMP'"],
    [{ ...accept, dport: "22" }, "proto", "missing property - 'dport' requires this property"],
    [{ ...accept, proto: "gre", dport: "1" }, "dport", "protocol 'gre' does not support ports"],
    [
      { ...accept, proto: "tcp", "icmp-type": "any" },
      "proto",
      "missing property - 'icmp-type' requires this property",
    ],
    [
      { ...accept, proto: "icmpv6", "icmp-type": "any" },
      "icmp-type",
      "invalid icmp-type 'any' for proto 'icmpv6'",
    ],
    [{ ...accept, macro: "Nonsense" }, "macro", "unknown macro 'Nonsense'"],
    [{ ...accept, source: "none" }, "source", "no such alias 'none'"],
    [{ ...accept, dest: "+none" }, "dest", "no such ipset 'none'"],
    [
      { ...accept, source: "10.0.0.1", dest: "fd00::1" },
      "dest",
      "detected mixed ipv4/ipv6 addresses in rule",
    ],
    [
      { ...accept, proto: "icmp", source: "fd00::1" },
      "source",
      "detected mixed ipv4/ipv6 addresses in rule",
    ],
    [
      { ...accept, source: "10.0.0.1,fd00::1" },
      "source",
      "invalid format - detected mixed ipv4/ipv6 addresses in address list '10.0.0.1,fd00::1'\n",
    ],
    [
      { ...accept, source: "10.0.0.1,10.0.0.2-10.0.0.3" },
      "source",
      "invalid format - you can't use a range in a list\n",
    ],
    [{ ...accept, source: "10.0.0.1," }, "source", "invalid format - extraneous commas in list\n"],
    [
      { ...accept, proto: "tcp", dport: "90:80" },
      "dport",
      "invalid format - backwards range '90:80' not allowed, did you mean '80:90'?\n",
    ],
    [
      { ...accept, proto: "tcp", dport: "70000" },
      "dport",
      "invalid format - invalid port '70000'\n",
    ],
    [
      { ...accept, proto: "tcp", sport: "nonsense" },
      "sport",
      "invalid format - invalid port 'nonsense'\n",
    ],
    [{ ...accept, proto: "nonsense" }, "proto", "invalid format - unknown protocol 'nonsense'\n"],
  ])("refuse %j by name", async (params, key, words) => {
    expect(await ask("POST", rules, params)).toMatchObject({
      status: 400,
      errors: { [key]: words },
    });
    expect(await list()).toEqual([]);
  });

  it("refuse to lose what they need", async () => {
    await ask("POST", rules, accept);
    const remove = async (key: string) =>
      (await ask("PUT", `${rules}/0`, { delete: key })).errors?.delete;
    expect(await remove("action")).toBe("unable to delete required property 'action'");
    expect(await remove("nonsense")).toBe("no such property ('nonsense')");
  });

  it("are not changed over what somebody else has changed", async () => {
    await ask("POST", rules, accept);
    const { digest } = (await list())[0] ?? {};
    await ask("PUT", `${rules}/0`, { comment: "A", digest });
    expect((await ask("DELETE", `${rules}/0`, { digest })).reason).toMatch(/^detected modified/);
  });
});

describe("rules of nodes and guests", () => {
  it("stand in files of their own", async () => {
    await lab.cluster();
    await ask("POST", "/nodes/pve02/firewall/rules", { ...accept, comment: "node" });
    await ask("POST", "/nodes/pve01/qemu/100/firewall/rules", { ...accept, comment: "VM" });
    await ask("POST", "/nodes/pve01/lxc/101/firewall/rules", { ...accept, comment: "CT" });
    expect(await comments()).toEqual([]);
    expect(await comments("/nodes/pve01/firewall/rules")).toEqual([]);
    expect(await comments("/nodes/pve02/firewall/rules")).toEqual(["node"]);
    expect(await comments("/nodes/pve02/qemu/100/firewall/rules")).toEqual(["VM"]);
    expect(await comments("/nodes/pve01/lxc/101/firewall/rules")).toEqual(["CT"]);
  });

  it("of a guest name its cards, and forward nothing", async () => {
    const guest = "/nodes/pve01/qemu/100/firewall/rules";
    expect((await ask("POST", guest, { ...accept, iface: "vmbr0" })).errors).toEqual({
      iface: "value does not match the regex pattern 'net\\d+'",
    });
    expect((await ask("POST", guest, { ...accept, iface: "net0" })).status).toBe(200);
    expect((await ask("POST", guest, { ...accept, type: "forward" })).errors).toEqual({
      type: "invalid rule type 'forward' for rule_env 'vm'",
    });
  });

  it("need privileges on the node or the guest", async () => {
    await lab.data("pve01", "POST", "/access/users", { userid: "a@pve" });
    await lab.data("pve01", "PUT", "/access/acl", {
      path: "/vms/100",
      roles: "PVEVMAdmin",
      users: "a@pve",
    });
    const status = async (path: string) =>
      (await lab.api("pve01", "POST", path, accept, lab.ticket("pve01", "a@pve"))).status;
    expect(await status("/nodes/pve01/qemu/100/firewall/rules")).toBe(200);
    expect(await status("/nodes/pve01/qemu/101/firewall/rules")).toBe(403);
    expect(await status("/nodes/pve01/firewall/rules")).toBe(403);
    expect(await status(rules)).toBe(403);
  });

  it("are not written without quorum", async () => {
    await lab.cluster();
    lab.site.hardware.switchPower("pve02", false);
    await lab.clock.advance(60_000);
    expect((await ask("POST", "/nodes/pve01/firewall/rules", accept)).reason).toMatch(
      /^unable to open file '\/etc\/pve\/nodes\/pve01\/host\.fw\.tmp\.\d+' - Permission denied$/,
    );
  });
});

describe("security groups", () => {
  const groups = `${base}/groups`;

  it("hold rules, but no groups and no interfaces", async () => {
    await ask("POST", groups, { group: "web", comment: "c" });
    expect((await ask("POST", `${groups}/web`, { ...accept, comment: "A" })).status).toBe(200);
    expect(await comments(`${groups}/web`)).toEqual(["A"]);
    expect(await list(groups)).toMatchObject([{ group: "web", comment: "c" }]);
    const refused = async (params: object) =>
      (await ask("POST", `${groups}/web`, params)).errors?.type;
    expect(await refused({ type: "group", action: "web" })).toBe(
      "invalid rule type 'group' for rule_env 'group'",
    );
    expect(await refused({ ...accept, iface: "net0" })).toBe(
      "parameter -i not allowed for this rule type",
    );
  });

  it("keep their rules, and those that name them, through a new name", async () => {
    await ask("POST", groups, { group: "web" });
    await ask("POST", `${groups}/web`, accept);
    const named = { type: "group", action: "web" };
    const places = [rules, "/nodes/pve01/firewall/rules", "/nodes/pve01/qemu/100/firewall/rules"];
    for (const path of places) await ask("POST", path, named);
    await ask("POST", groups, { group: "site", rename: "web", comment: "new" });
    expect(await list(groups)).toMatchObject([{ group: "site", comment: "new" }]);
    expect(await list(`${groups}/site`)).toHaveLength(1);
    for (const path of places) expect(await list(path)).toMatchObject([{ action: "site" }]);
  });

  it("go only when they are empty", async () => {
    await ask("POST", groups, { group: "web" });
    await ask("POST", `${groups}/web`, accept);
    expect((await ask("DELETE", `${groups}/web`)).reason).toBe("Security group 'web' is not empty");
    await ask("DELETE", `${groups}/web/0`);
    expect((await ask("DELETE", `${groups}/web`)).status).toBe(200);
    expect((await ask("DELETE", `${groups}/web`)).reason).toBe("no such security group 'web'");
  });

  it.each([
    [{ group: "web" }, "Security group 'web' already exists"],
    [{ group: "ab", rename: "none" }, "Security group 'none' does not exist"],
    [{ group: "db", rename: "web" }, "Security group 'db' does already exist"],
  ])("refuse %j", async (params, words) => {
    await ask("POST", groups, { group: "web" });
    await ask("POST", groups, { group: "db" });
    expect((await ask("POST", groups, params)).errors).toEqual({ group: words });
  });

  it("need not exist for a rule to name them", async () => {
    expect((await ask("POST", rules, { type: "group", action: "none" })).status).toBe(200);
  });
});
