import { Clone, removeClones, ssh } from "./support";

jest.setTimeout(60_000);

const clone = new Clone();

afterAll(removeClones);

it("installs the nodes of a new lab with the release that is asked for, and keeps to it", () => {
  expect(clone.lab("start", "--release", "7").code).not.toBe(0);
  clone.out("start", "--release", "8");
  for (const node of clone.status().nodes) {
    expect(ssh(node, "pveversion").out).toMatch(/^pve-manager\/8\.4\./);
  }
  clone.out("stop");
  expect(clone.lab("start", "--release", "9")).toMatchObject({
    code: 1,
    err: `lab: pve01 of the lab in ${clone.dir} is of release 8; for a new lab of release 9: npm run -s lab -- reset\n`,
  });
  clone.out("start");
  const [first] = clone.status().nodes;
  expect(first && ssh(first, "pveversion").out).toMatch(/^pve-manager\/8\.4\./);
});
