import { addData, newCt } from "../../lab/support/guests";
import { clusterOfTwo, type Machines } from "../../lab/cluster/support/machines";
import { runScript } from "../support/labSteps";

let lab: Machines;
beforeEach(async () => {
  lab = await clusterOfTwo();
  await addData(lab);
});

const run = (nesting: string) =>
  runScript(lab, "pve01", "guest/nesting", { VMID: "101", NESTING: nesting });
const features = async () => {
  const { stdout } = await lab.run("pve02", "grep ^features /etc/pve/lxc/101.conf");
  return stdout.trim();
};

it.each([
  ["none", {}, "1", "features: nesting=1"],
  ["none", {}, "0", ""],
  ["nesting", { features: "nesting=1" }, "1", "features: nesting=1"],
  ["nesting", { features: "nesting=1" }, "0", "features: nesting=0"],
  ["one of root's", { features: "fuse=1" }, "1", "features: fuse=1,nesting=1"],
  ["two", { features: "fuse=1,nesting=1" }, "0", "features: fuse=1,nesting=0"],
])("a container with %s as features (%j) gets nesting=%s", async (_what, params, nesting, told) => {
  await newCt(lab, params, "pve02");
  expect((await run(nesting)).exitCode).toBe(0);
  expect(await features()).toBe(told);
  expect((await run(nesting)).stderr).toBe("pve01: nesting of container 101 is as described\n");
});

it("a running container is asked to change once", async () => {
  await newCt(lab, { start: 1 }, "pve02");
  expect((await run("1")).stderr).toContain("from its next start on if it runs");
  expect((await run("1")).stderr).toBe("pve01: nesting of container 101 is as described\n");
});

it("a container that is gone is not looked for further", async () => {
  const { exitCode, stderr } = await run("1");
  expect(exitCode).toBe(1);
  expect(stderr).toContain("there is no container 101");
});
