import { freshHosts, type Machines } from "../cluster/support/machines";

let lab: Machines;
beforeEach(async () => {
  lab = await freshHosts();
  await lab.out("pve01", "pvesm set local --content iso,vztmpl,snippets");
});

const list = async () =>
  (
    await lab.data<{ volid: string; size: number; content: string }[]>(
      "pve01",
      "GET",
      "/nodes/pve01/storage/local/content",
    )
  ).map(({ volid, size, content }) => [volid, content, size]);

describe("a file in a storage's folder", () => {
  it("is a volume, until it is removed", async () => {
    await lab.out(
      "pve01",
      "/usr/bin/tee /var/lib/vz/snippets/user.yaml >/dev/null",
      "#cloud-config\n",
    );
    expect(await list()).toEqual([["local:snippets/user.yaml", "snippets", 14]]);
    await lab.out("pve01", "echo more >>/var/lib/vz/snippets/user.yaml");
    expect(await list()).toEqual([["local:snippets/user.yaml", "snippets", 19]]);
    await lab.out("pve01", "rm /var/lib/vz/snippets/user.yaml");
    expect(await list()).toEqual([]);
  });

  it("is gone when the volume is deleted", async () => {
    await lab.out("pve01", "echo x >/var/lib/vz/snippets/user.yaml");
    await lab.task(
      "pve01",
      "DELETE",
      "/nodes/pve01/storage/local/content/local:snippets%2Fuser.yaml",
    );
    expect(await lab.out("pve01", "ls /var/lib/vz/snippets")).toBe("");
    expect(await list()).toEqual([]);
  });

  it("has the name that such a volume has", async () => {
    await lab.out(
      "pve01",
      "echo x >/var/lib/vz/template/iso/a.txt; echo x >/var/lib/vz/template/iso/a.iso",
    );
    expect(await list()).toEqual([["local:iso/a.iso", "iso", 2]]);
  });
});
