import { freshHosts, type Machines } from "../cluster/support/machines";

let lab: Machines;
beforeEach(async () => {
  lab = await freshHosts();
});

describe("a command called by its whole path", () => {
  it.each(["/usr/sbin/pvesm", "/sbin/pvesm", "/usr/bin/pvesm", "pvesm"])(
    "is the same as %s",
    async (pvesm) => {
      expect(await lab.out("pve01", `${pvesm} path 'local:iso/a disk.iso'`)).toBe(
        "/var/lib/vz/template/iso/a disk.iso\n",
      );
    },
  );

  it("keeps exit code and what goes to which output", async () => {
    expect(await lab.run("pve01", "/usr/sbin/qm status 999")).toEqual(
      await lab.run("pve01", "qm status 999"),
    );
  });

  it("is no file of the host's that is remembered", async () => {
    await lab.out("pve01", "/usr/sbin/qm list");
    expect(Object.keys(lab.site.host("pve01").files)).not.toContain("/usr/sbin/qm");
  });

  it("is not there for a command that the host does not have", async () => {
    expect((await lab.run("nas", "/usr/sbin/qm list")).exitCode).toBe(127);
  });

  it("runs in what a client's sudo wrapper makes of it", async () => {
    const wrapper = `try_sudo() { if [ "$use" = 1 ]; then sudo "$@"; else "$@"; fi; }`;
    const script = `set -e; ${wrapper}; image=$(try_sudo /usr/sbin/pvesm path local:iso/a.iso); echo "$image"`;
    expect(await lab.out("pve01", script)).toBe("/var/lib/vz/template/iso/a.iso\n");
  });
});
