import { addData, newCt } from "../../lab/support/guests";
import { clusterOfTwo, type Machines } from "../../lab/cluster/support/machines";
import { runScript } from "../support/labSteps";

let lab: Machines;
beforeEach(async () => {
  lab = await clusterOfTwo();
  await addData(lab);
  // On the other node than the one that the script runs on.
  await newCt(lab, { mp0: "Data:4,mp=/srv,backup=1" }, "pve02");
});

const run = (mounts: string) =>
  runScript(lab, "pve01", "guest/mounts", { VMID: "101", MOUNTS: mounts });
const mounts = async () => {
  const { stdout } = await lab.run("pve02", "grep -E '^(mp|\\[)' /etc/pve/lxc/101.conf");
  return stdout.trim().split("\n");
};

describe("the mount points of a container", () => {
  it("stay when they are as described", async () => {
    const { exitCode, stderr } = await run("mp0 Data 4 backup=1,mp=/srv\n");
    expect({ exitCode, stderr }).toEqual({
      exitCode: 0,
      stderr: "pve01: mount points of container 101 are as described\n",
    });
    expect(await mounts()).toEqual(["mp0: Data:101/vm-101-disk-1.raw,mp=/srv,backup=1,size=4G"]);
  });

  it("come, grow and change", async () => {
    const { exitCode, stderr } = await run(
      "mp0 Data 6 backup=1,mp=/srv,ro=1\nmp1 local-lvm 1 mountoptions=noatime,mp=/cache\n",
    );
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    expect(stderr).toContain("container 101 gets mp1: 1 GiB on local-lvm");
    expect(stderr).toContain("mp0 of container 101 grows to 6 GiB");
    const [mp0 = "", mp1 = ""] = await mounts();
    expect(mp0.split(",").sort()).toEqual(
      ["mp0: Data:101/vm-101-disk-1.raw", "backup=1", "mp=/srv", "ro=1", "size=6G"].sort(),
    );
    expect(mp1).toMatch(/^mp1: local-lvm:vm-101-disk-0,mp=\/cache,mountoptions=noatime,size=1G$/);
  });

  it("wait for the next start while the container runs, and are asked for once", async () => {
    await lab.task("pve02", "POST", "/nodes/pve02/lxc/101/status/start");
    const described = "mp0 Data 4 backup=1,mp=/data\n";
    expect((await run(described)).stderr).toContain("from its next start on if it runs");
    expect(await mounts()).toEqual([
      "mp0: Data:101/vm-101-disk-1.raw,mp=/srv,backup=1,size=4G",
      "[pve:pending]",
      expect.stringContaining("mp=/data"),
    ]);
    expect((await run(described)).stderr).toBe(
      "pve01: mount points of container 101 are as described\n",
    );
  });

  it("of a container that is gone are not looked for further", async () => {
    const { exitCode, stderr } = await runScript(lab, "pve01", "guest/mounts", {
      VMID: "999",
      MOUNTS: "mp0 Data 4 mp=/srv\n",
    });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("there is no container 999");
  });

  it("cannot be changed without what they lie on, and say so", async () => {
    const { exitCode, stderr } = await run("mp0 Data 4 backup=1,mp=/srv\nmp1 Nowhere 1 mp=/x\n");
    expect(exitCode).toBe(1);
    expect(stderr).toContain("container 101 could not be changed");
  });
});
