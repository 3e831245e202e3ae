import { X509Certificate } from "node:crypto";
import { knownHosts } from "../../../lab/state/connections";
import { publicKeyOf } from "../../../lab/state/sshKey";
import type { LabState } from "../../../lab/state/types";
import { addData, newCt, newVm } from "../support/guests";
import { Lab, newLab, newState, PASSWORD, START } from "../support/lab";

describe("a site that was just installed", () => {
  let state: LabState;
  beforeEach(async () => {
    state = await newState();
  });

  it("is two nodes and a NAS, all on", () => {
    const hosts = Object.values(state.hosts).map(({ name, address, role, power }) => [
      name,
      address,
      role,
      power,
    ]);
    expect(hosts).toEqual([
      ["pve01", "192.168.18.251", "node", true],
      ["pve02", "192.168.18.100", "node", true],
      ["nas", "192.168.18.200", "witness", true],
    ]);
  });

  it("has nodes in no cluster, each with a file system of its own", () => {
    const [one, two] = [state.hosts.pve01?.node?.pmxcfs, state.hosts.pve02?.node?.pmxcfs];
    expect(one).not.toBe(two);
    for (const config of Object.values(state.pmxcfs)) {
      expect(config.corosync).toBeUndefined();
      expect(config.guests).toEqual({});
      expect(Object.keys(config.users)).toEqual(["root@pam"]);
    }
  });

  it("exports two directories, both empty", () => {
    expect(state.exports).toEqual({
      "192.168.18.200:/backup/pve-data": [],
      "192.168.18.200:/backup/pve-backup": [],
    });
  });

  it("keeps no password in plain text", () => {
    expect(JSON.stringify(state)).not.toContain(PASSWORD);
  });

  it("has a port and keys of its own for everything that listens", () => {
    const hosts = Object.values(state.hosts);
    const ports = hosts.flatMap(({ sshPort, node }) => [sshPort, ...(node ? [node.apiPort] : [])]);
    expect(new Set(ports).size).toBe(5);
    expect(new Set(hosts.map(({ sshHostKey }) => publicKeyOf(sshHostKey))).size).toBe(3);
  });

  it("pins the keys of its hosts", () => {
    const lines = knownHosts(state).trimEnd().split("\n");
    expect(lines).toHaveLength(6);
    for (const host of Object.values(state.hosts)) {
      const key = publicKeyOf(host.sshHostKey);
      expect(lines).toContain(`[127.0.0.1]:${host.sshPort} ${key}`);
      expect(lines).toContain(`${host.name},${host.address} ${key}`);
    }
  });

  it("has certificates from each node's own authority, for its name and addresses", () => {
    for (const name of ["pve01", "pve02"]) {
      const host = state.hosts[name];
      const config = state.pmxcfs[host?.node?.pmxcfs ?? ""];
      const authority = new X509Certificate(config?.ca.certificate ?? "");
      const certificate = new X509Certificate(host?.node?.certificate.certificate ?? "");
      expect(authority.ca).toBe(true);
      expect(certificate.verify(authority.publicKey)).toBe(true);
      expect(certificate.checkHost(name)).toBe(name);
      for (const address of ["127.0.0.1", host?.address ?? ""]) {
        expect(certificate.checkIP(address)).toBe(address);
      }
      expect(state.authorities).toContain(config?.ca.certificate);
    }
  });

  it("is not the same twice in what is secret", async () => {
    const secrets = Object.values(state.pmxcfs).map(({ ticketSecret }) => ticketSecret);
    expect(new Set(secrets).size).toBe(2);
    for (const secret of secrets) expect(secret).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe("a site that is started again", () => {
  const views = [
    "/cluster/status",
    "/cluster/resources",
    "/cluster/backup",
    "/cluster/ha/resources",
    "/cluster/ha/rules",
    "/storage",
    "/access/users",
    "/access/roles",
    "/access/acl",
    "/nodes/pve01/tasks",
    "/nodes/pve01/qemu/100/config",
    "/nodes/pve01/lxc/101/config",
    "/nodes/pve01/storage/Data/content",
  ];

  async function busyLab(): Promise<Lab> {
    const lab = await newLab();
    await lab.cluster();
    await addData(lab);
    await newVm(lab, { name: "a", scsi0: "Data:1", net0: "virtio,bridge=vmbr0", start: 1 });
    await newCt(lab);
    await lab.data("pve01", "POST", "/cluster/backup", { id: "b1", schedule: "02:00", all: 1 });
    await lab.data("pve01", "POST", "/cluster/ha/resources", { sid: "vm:100" });
    await lab.data("pve01", "POST", "/access/users", { userid: "a@pve", password: "long enough" });
    await lab.data("pve01", "POST", "/access/users/a@pve/token/ci");
    await lab.data("pve01", "POST", "/access/roles", { roleid: "r1", privs: "VM.Audit" });
    await lab.data("pve01", "PUT", "/access/acl", { path: "/", roles: "r1", users: "a@pve" });
    return lab;
  }

  it("answers as before", async () => {
    const before = await busyLab();
    const saved = JSON.stringify(before.state);
    const after = new Lab(JSON.parse(saved) as LabState, before.clock.now());
    for (const path of views) {
      expect(await after.api("pve01", "GET", path)).toEqual(await before.api("pve01", "GET", path));
    }
  });

  it("knows its tickets and tokens", async () => {
    const before = await busyLab();
    const ticket = before.ticket("pve01");
    const after = new Lab(JSON.parse(JSON.stringify(before.state)) as LabState, before.clock.now());
    expect((await after.api("pve01", "GET", "/cluster/status", {}, ticket)).status).toBe(200);
    const secret = before.site.access.user("pve01", "a@pve").tokens.ci?.secret;
    const token = { authorization: `PVEAPIToken=a@pve!ci=${secret}` };
    expect((await after.api("pve01", "GET", "/version", {}, token)).status).toBe(200);
  });

  it("has off what was off", async () => {
    const before = await newLab();
    before.site.hardware.switchPower("pve02", false);
    const after = new Lab(structuredClone(before.state));
    expect(after.site.hardware.isOn("pve02")).toBe(false);
    expect(after.clock.now()).toBe(START);
  });
});
