import { freshHosts, type Machines } from "../cluster/support/machines";

let lab: Machines;
beforeEach(async () => {
  lab = await freshHosts();
  await lab.out("pve01", "pvesh create /nodes/pve01/qemu --vmid 100 --name web --memory 64");
});

const upidIn = (text: string): string => /UPID:\S+/.exec(text)?.[0] ?? "";

describe("pvenode task", () => {
  it("lists what is done, with its verdict, and shows one's log and state", async () => {
    await lab.out("pve01", "qm start 100");
    const list = await lab.out("pve01", "pvenode task list --typefilter qmstart");
    expect(
      list
        .split("\n")[1]
        ?.split("│")
        .map((title) => title.trim()),
    ).toEqual(
      ["", "upid", "type", "id", "user", "starttime", "endtime", "status", ""], //
    );
    expect(list).toMatch(/│ qmstart │ 100 │ root@pam │ \d+ +│ \d+ +│ OK +│/);
    const upid = upidIn(list);
    expect(await lab.out("pve01", `pvenode task status ${upid}`)).toMatch(/│ exitstatus +│ OK/);
    expect((await lab.run("pve01", `pvenode task log ${upid}`)).exitCode).toBe(0);
  });

  it("says of a failed task that it failed; the log says why", async () => {
    await lab.run(
      "pve01",
      "qm start 100; qm start 100; vzdump 100 --storage local --mode stop --compress no-such",
    );
    const task = await lab.run("pve01", "vzdump 999 --storage local");
    expect(task.exitCode).not.toBe(0);
    const list = await lab.out("pve01", "pvenode task list --errors 1");
    expect(list).toMatch(/│ ERROR +│/);
    expect(await lab.out("pve01", `pvenode task log ${upidIn(list)}`)).toContain("999");
  });

  it("knows nothing of the rest of pvenode", async () => {
    expect(await lab.run("pve01", "pvenode startall")).toMatchObject({
      stderr: "ERROR: unknown command 'pvenode startall '\n",
      exitCode: 255,
    });
  });
});
