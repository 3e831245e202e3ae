import { spawnSync } from "node:child_process";
import { probe, readReport } from "../../../toolchain/launcher/probe";
import { type StandInHost, startHost } from "./support/node";
import { Project } from "./support/project";
import * as reports from "./support/reports";

const read = (parts: Parameters<typeof reports.report>[0] = {}) =>
  readReport("pve01", reports.report(parts));
const conf = (vmid: number, ...lines: string[]) =>
  lines.map((line) => `/etc/pve/nodes/pve02/qemu-server/${vmid}.conf:${line}\n`).join("");
const detailsOf = (vmid: number, ...lines: string[]) =>
  read({ details: conf(vmid, ...lines) }).guests.find((guest) => guest.vmid === vmid);

describe("the report of a node", () => {
  it("tells cluster, members and authority", () => {
    expect(read({ members: reports.members(true, false) })).toMatchObject({
      name: "pve01",
      authority: reports.AUTHORITY,
      cluster: { name: "mizar", quorate: true },
      members: { pve01: true, pve02: false },
    });
  });

  it("tells that the node has no quorum", () => {
    expect(read({ members: reports.members(false) }).cluster).toEqual({
      name: "mizar",
      quorate: false,
    });
  });

  it("tells every guest of the cluster with its node, marked notes and disks", () => {
    expect(read().guests).toEqual([
      {
        ...{ vmid: 100, type: "qemu", node: "pve02" },
        notes: `Managed by Pulumi, stack dev: ${reports.urnOf("win2016")}`,
        disks: { scsi0: "Data:100/vm-100-disk-0.raw,size=40G", ide2: "none,media=cdrom" },
      },
      {
        ...{ vmid: 102, type: "lxc", node: "pve01", notes: "", unprivileged: true },
        disks: { rootfs: "Data:102/vm-102-disk-0.raw,size=8G" },
      },
    ]);
  });

  it("of a node in no cluster has neither cluster nor members", () => {
    const report = read({ members: reports.STANDALONE, guests: reports.NO_GUESTS, details: "" });
    expect(report).toEqual({
      ...{ name: "pve01", authority: reports.AUTHORITY, members: {}, guests: [], storages: [] },
    });
  });

  it("tells where HA has its services and moves them", () => {
    expect(read({ ha: reports.haStatus("migrate", "pve02", "pve01") }).ha).toEqual({
      nodes: { pve01: "online", pve02: "online" },
      services: [{ sid: "vm:100", node: "pve02", state: "migrate", target: "pve01" }],
    });
    expect(read({ ha: reports.haStatus("started", "pve02") }).ha?.services).toEqual([
      { sid: "vm:100", node: "pve02", state: "started" },
    ]);
    expect(read({ ha: "{}" }).ha).toEqual({ nodes: {}, services: [] });
    expect(read()).not.toHaveProperty("ha");
  });

  it("tells every storage with its fields", () => {
    const storages =
      "dir: local\n\tpath /var/lib/vz\n\tcontent iso,vztmpl\n\n" +
      "nfs: Data\n\tdisable\n\texport /backup/pve-data\n\tserver 192.168.18.200\n\n";
    expect(read({ storages }).storages).toEqual([
      { id: "local", type: "dir", fields: { path: "/var/lib/vz", content: "iso,vztmpl" } },
      {
        ...{ id: "Data", type: "nfs" },
        fields: { disable: "", export: "/backup/pve-data", server: "192.168.18.200" },
      },
    ]);
  });

  it("has guests without details where nothing is known of them", () => {
    expect(read({ details: "" }).guests[0]).toEqual({
      ...{ vmid: 100, type: "qemu", node: "pve02", notes: "", disks: {} },
    });
  });

  it.each([
    ["encoded", "#Managed by Pulumi, stack dev%3A x", "Managed by Pulumi, stack dev: x"],
    ["with percent signs", "#100%25 Managed by Pulumi", "100% Managed by Pulumi"],
    ["in other letters", "#f%C3%BCr dich, Managed by Pulumi", "für dich, Managed by Pulumi"],
    ["written by hand", "#100% Managed by Pulumi: x", "100% Managed by Pulumi: x"],
  ])("reads notes that are %s", (_, line, notes) => {
    expect(detailsOf(100, line)?.notes).toBe(notes);
  });

  it("takes the last marked line: what stands before it is the operator's", () => {
    const details = detailsOf(100, "#was Managed by Pulumi", "#Managed by Pulumi, stack dev%3A x");
    expect(details?.notes).toBe("Managed by Pulumi, stack dev: x");
  });

  it("leaves out what is pending or belongs to snapshots", () => {
    const details = detailsOf(
      ...([
        100,
        "#Managed by Pulumi, now",
        "scsi0: Data:now",
        "[PENDING]",
        "scsi2: Data:soon",
      ] as const),
      ...["[snap1]", "#Managed by Pulumi, then", "scsi0: Data:then", "scsi1: Data:gone"],
    );
    expect(details).toMatchObject({
      notes: "Managed by Pulumi, now",
      disks: { scsi0: "Data:now" },
    });
    expect(Object.keys(details?.disks ?? {})).toEqual(["scsi0"]);
  });

  it("of a host without Proxmox VE tells nothing but its name", () => {
    expect(readReport("pve01", reports.BARE)).toEqual({
      name: "pve01",
      members: {},
      guests: [],
      storages: [],
    });
  });

  it("refuses a node whose files are not there: of it nothing is known", () => {
    expect(() => readReport("pve01", `stopped\n${reports.BARE}`)).toThrow(
      "it is a node, but there is nothing below its /etc/pve; look there at: systemctl status pve-cluster",
    );
  });

  it.each([
    [".members", { members: "" }],
    [".members", { members: '{\n"nodename": "pve0' }],
    [".vmlist", { guests: "" }],
  ])("names the file when %s is cut off", (file, parts) => {
    expect(() => read(parts)).toThrow(`its /etc/pve/${file} cannot be read; look there at`);
  });
});

describe("a probe", () => {
  let host: StandInHost;
  afterEach(() => host.stop());

  it("asks with one command and reads what comes", async () => {
    host = await startHost(() => ({ stdout: reports.report({}) }));
    const report = await probe("pve01", host.connection());
    expect(report.cluster).toEqual({ name: "mizar", quorate: true });
    expect(host.commands).toHaveLength(1);
  });

  it.each([
    ["has never run Proxmox VE", [], ""],
    ["runs it", ["etc/pve/pve-root-ca.pem", "var/lib/pve-cluster/config.db"], "x\n"],
    ["has run it", ["var/lib/pve-cluster/config.db"], "stopped\n"],
  ])("tells a host that %s", async (_, files, expected) => {
    host = await startHost(() => ({ stdout: reports.BARE }));
    await probe("pve01", host.connection());
    const project = new Project();
    for (const file of files) project.write(file, "x\n");
    const command = (host.commands[0] ?? "").replace(/ (\/(etc|var)\/)/g, ` ${project.root}$1`);
    const { stdout } = spawnSync("bash", ["-c", command], { encoding: "utf8" });
    project.dispose();
    expect(stdout.split("--proxmox-ha--\n")[0]).toBe(expected);
  });

  it("asks for headings too, so that snapshots can be told apart", async () => {
    host = await startHost(() => ({ stdout: reports.report({}) }));
    await probe("pve01", host.connection());
    const [, pattern = ""] = /grep -E '([^']+)'/.exec(host.commands[0] ?? "") ?? [];
    const expression = new RegExp(pattern);
    const wanted = ["#x Managed by Pulumi", "rootfs: a", "scsi0: a", "mp12: a", "[snap]"];
    expect(wanted.filter((line) => !expression.test(line))).toEqual([]);
    const unwanted = ["#some notes", "name: scsi0: a", "scsihw: x", "net0: a", "x [snap]"];
    expect(unwanted.filter((line) => expression.test(line))).toEqual([]);
  });
});
