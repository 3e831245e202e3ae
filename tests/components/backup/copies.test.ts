import type { Machines } from "../../lab/cluster/support/machines";
import { clusterOfTwo } from "../../lab/cluster/support/machines";
import { commandLine, readScript } from "../../../components/scriptText";

/** Backups of one storage, copied by a timer that the script has set up on the nodes of a lab. */
const COPY = {
  COPY: "usb",
  FROM: "Backup",
  TO: "Second",
  ON_CALENDAR: "*:0/30",
  NODES: "pve01,pve02",
  LIMIT: "15258",
  KEEP: "--keep-last 2",
};
/** Half an hour of a lab is a minute on a busy machine. */
jest.setTimeout(120_000);
const UNIT = "proxmox-ha-copy-usb";

let lab: Machines;
beforeEach(async () => {
  lab = await clusterOfTwo();
  lab.site.start();
  for (const [id, path] of [
    ["Backup", "/backup/pve-backup"],
    ["Second", "/backup/pve-data"],
  ])
    await lab.out(
      "pve01",
      `pvesm add nfs ${id} --server 192.168.18.200 --export ${path} --content backup`,
    );
  await lab.out("pve02", "qm create 390 --name small --memory 64");
});
afterEach(() => lab.site.stop());

const step = (node: "pve01" | "pve02", verb = "apply", changes = {}) =>
  lab.run(
    node,
    commandLine("backup/copies", verb),
    readScript("backup/copies")({ ...COPY, ...changes, HOST: node }),
  );
async function backup(): Promise<void> {
  await lab.out("pve02", "vzdump 390 --storage Backup --notes-template '{{guestname}}, nightly'");
  await lab.advance(10);
}
async function archives(storage: string): Promise<string[]> {
  const text = await lab.out("pve01", `pvesm list ${storage} --content backup`);
  return text
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.split(/\s+/)[0]?.split("/")[1] ?? "");
}
const both = async (): Promise<void> => {
  for (const node of ["pve01", "pve02"] as const) {
    const { exitCode, stderr } = await step(node);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  }
};
const journal = (node: "pve01" | "pve02"): string[] =>
  (lab.site.host(node).journal ?? []).filter(({ unit }) => unit === UNIT).map((one) => one.message);

describe("a copy of backups", () => {
  it("is made by one node when its time comes, and restores", async () => {
    await both();
    await backup();
    for (let minute = 0; minute < 31; minute++) await lab.advance(60);
    expect(await archives("Second")).toEqual(await archives("Backup"));
    expect(journal("pve01")).toEqual([expect.stringMatching(/^copies vzdump-qemu-390-/)]);
    expect(journal("pve02")).toEqual(["pve01 copies"]);
    const [file = ""] = await archives("Second");
    const notes = lab.site.storages.volumes("pve01", "Second").map((volume) => volume.notes);
    expect(notes).toEqual(["small, nightly"]);
    await lab.out("pve01", `qmrestore Second:backup/${file} 391`);
    expect(await lab.out("pve01", "qm config 391")).toContain("name: small");
  });

  it("takes what is new, and keeps as many as it says", async () => {
    await both();
    for (let count = 0; count < 4; count++) {
      await backup();
      await lab.out("pve01", `systemctl start ${UNIT}.service`);
    }
    const all = await archives("Backup");
    expect(all).toHaveLength(4);
    expect(await archives("Second")).toEqual(all.slice(2));
    // What was pruned is not copied again.
    await lab.out("pve01", `systemctl start ${UNIT}.service`);
    expect(await archives("Second")).toEqual(all.slice(2));
  });

  it("is made by the next node while the first is off", async () => {
    await both();
    await backup();
    lab.power("pve01", false);
    await lab.advance(30);
    await lab.run("pve02", "pvecm expected 1");
    await lab.advance(5);
    await lab.out("pve02", `systemctl start ${UNIT}.service`);
    expect(lab.site.storages.volumes("pve02", "Second")).toHaveLength(1);
  });

  it("waits for quorum, and for both storages", async () => {
    await both();
    await backup();
    lab.power("pve02", false);
    await lab.advance(30);
    await lab.out("pve01", `systemctl start ${UNIT}.service`);
    expect(journal("pve01")).toEqual(["this node has no quorum: nothing is copied"]);
    await lab.run("pve01", "pvecm expected 1");
    await lab.advance(5);
    await lab.out("nas", "systemctl stop nfs-server");
    const failed = await lab.run("pve01", `systemctl start ${UNIT}.service`);
    expect(failed.exitCode).toBe(1);
    expect(journal("pve01")[1]).toBe("storage Backup is not active: nothing is copied");
  });

  it("leaves everything as it is when it is set up again, and takes another time", async () => {
    await both();
    const before = structuredClone(lab.site.host("pve01").files);
    await step("pve01");
    expect(lab.site.host("pve01").files).toEqual(before);
    await step("pve01", "apply", { ON_CALENDAR: "03:00" });
    expect(await lab.out("pve01", `systemctl cat ${UNIT}.timer`)).toContain("OnCalendar=03:00");
  });

  it("goes without a trace but its copies", async () => {
    await both();
    await backup();
    await lab.out("pve01", `systemctl start ${UNIT}.service`);
    const { exitCode, stderr } = await step("pve01", "remove");
    expect({ exitCode, stderr }).toEqual({
      exitCode: 0,
      stderr: expect.stringContaining("the copies stay") as string,
    });
    expect(Object.keys(lab.site.host("pve01").files).filter((path) => path.includes(UNIT))).toEqual(
      [],
    );
    expect(await archives("Second")).toHaveLength(1);
    expect((await step("pve01", "remove")).exitCode).toBe(0);
  });
});
