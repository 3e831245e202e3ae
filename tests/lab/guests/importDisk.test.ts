import { clusterOfTwo, type Machines } from "../cluster/support/machines";
import { addData, newVm } from "../support/guests";
import { guestOf } from "./support";

let lab: Machines;
beforeEach(async () => {
  lab = await clusterOfTwo();
  await addData(lab);
  await newVm(lab, { name: "web" });
  await lab.out("pve01", "echo image >/var/lib/vz/template/iso/image.iso");
});

const SOURCE = "/var/lib/vz/template/iso/image.iso";
const out = (command: string) => lab.out("pve01", command);

describe("qm disk import", () => {
  it.each(["qm disk import", "qm importdisk"])(
    "makes a copy of an image an unused disk of the VM: %s",
    async (command) => {
      const text = await out(`${command} 100 ${SOURCE} Data -format qcow2`);
      expect(text).toBe(
        `importing disk '${SOURCE}' to VM 100 ...\nunused0: successfully imported disk 'Data:100/vm-100-disk-0.qcow2'\n`,
      );
      expect(guestOf(lab, 100).config.unused0).toBe("Data:100/vm-100-disk-0.qcow2");
    },
  );

  it("takes the storage's own format where it does not have the wanted one", async () => {
    expect(await out(`qm disk import 100 ${SOURCE} local-lvm -format qcow2`)).toContain(
      "unused0: successfully imported disk 'local-lvm:vm-100-disk-0'",
    );
  });

  it("gives a disk that can be attached afterwards", async () => {
    await out(`qm disk import 100 ${SOURCE} local-lvm`);
    await out("qm set 100 -scsi0 local-lvm:vm-100-disk-0,discard=on");
    expect(guestOf(lab, 100).config.scsi0).toContain("local-lvm:vm-100-disk-0,discard=on");
    expect(guestOf(lab, 100).config).not.toHaveProperty("unused0");
  });

  it("minds a file that is not there, and a locked VM", async () => {
    expect(await lab.run("pve01", "qm disk import 100 /none.img Data")).toMatchObject({
      stderr: expect.stringContaining("/none.img: non-existent or non-regular file") as string,
      exitCode: 255,
    });
    guestOf(lab, 100).config.lock = "backup";
    expect((await lab.run("pve01", `qm disk import 100 ${SOURCE} Data`)).stderr).toContain(
      "VM is locked (backup)",
    );
  });
});
