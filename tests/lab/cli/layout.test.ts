import { Clone, removeClones, ssh } from "./support";

jest.setTimeout(60_000);

const clone = new Clone();

afterAll(removeClones);

it("makes the hosts of a new lab that are asked for, and keeps to them", () => {
  expect(clone.lab("start", "--bare", "nas")).toMatchObject({
    code: 1,
    err: "lab: the lab has no node nas to start as bare Debian\n",
  });
  expect(clone.lab("start", "--host", "pve03").code).not.toBe(0);
  clone.out(
    "start",
    "--bare",
    "pve01",
    "--host",
    "pve03=192.168.18.102:bare",
    "--without",
    "pve02",
  );
  const { nodes } = clone.status();
  expect(nodes.map(({ name }) => name)).toEqual(["pve01", "pve03"]);
  for (const node of nodes) {
    expect(ssh(node, "pveversion").code).toBe(127);
    expect(ssh(node, "cat /etc/debian_version").out).toBe("13.1\n");
  }
  clone.out("stop");
  expect(clone.lab("start", "--without", "pve02")).toMatchObject({
    code: 1,
    err: `lab: the lab in ${clone.dir} has its hosts already; for a new lab with others: npm run -s lab -- reset\n`,
  });
  clone.out("start");
  expect(clone.status().nodes).toHaveLength(2);
});
