import type { Machines } from "../cluster/support/machines";
import { haLine, runLines, siteWithHa } from "./support";

const MARKER = "/etc/pve/proxmox-ha-disarmed";

let lab: Machines;
beforeEach(async () => {
  lab = await siteWithHa();
});
afterEach(() => lab.site.stop());

const fencing = (): Promise<string> => haLine(lab, "pve01", "fencing");
const isMarked = async (): Promise<boolean> =>
  (await lab.run("pve01", `test -e ${MARKER}`)).exitCode === 0;

describe("disarming HA", () => {
  it("is over when no node would reset itself any more, and is undone by arming", async () => {
    expect(await fencing()).toBe("fencing armed (CRM watchdog active)");
    expect(await runLines(lab, "pve01", "disarm_ha")).toMatchObject({ code: 0 });
    expect(await fencing()).toBe("fencing disarmed, resource mode: freeze (CRM watchdog released)");
    expect(await isMarked()).toBe(true);
    expect(await runLines(lab, "pve01", "arm_ha")).toMatchObject({ code: 0 });
    expect(await fencing()).toBe("fencing armed (CRM watchdog active)");
    expect(await isMarked()).toBe(false);
  });

  it("is done at a member from elsewhere", async () => {
    const at = "HA_AT=192.168.18.251";
    expect(await runLines(lab, "pve02", `${at}\ndisarm_ha`)).toMatchObject({ code: 0 });
    expect(await fencing()).toContain("disarmed");
    expect(await runLines(lab, "pve02", `${at}\narm_ha`)).toMatchObject({ code: 0 });
    expect(await fencing()).toContain("armed (CRM watchdog active)");
  });

  it("changes nothing where HA is in charge of nothing", async () => {
    for (const vmid of [100, 101]) await lab.out("pve01", `ha-manager remove vm:${vmid}`);
    await lab.advance(60);
    expect(await runLines(lab, "pve01", "disarm_ha; arm_ha")).toEqual({
      code: 0,
      stdout: "",
      stderr: "",
    });
    expect(await isMarked()).toBe(false);
  });

  it("leaves an operator's own as it is", async () => {
    await lab.out("pve01", "ha-manager crm-command disarm-ha freeze");
    await lab.advance(60);
    const { code, stderr } = await runLines(lab, "pve01", "disarm_ha; arm_ha");
    expect([code, stderr]).toEqual([0, "pve01: HA was disarmed by somebody else, and stays so\n"]);
    expect(await fencing()).toContain("disarmed");
    expect(await isMarked()).toBe(false);
  });

  it("is armed again by a later run when the first ended on the way", async () => {
    // The marker alone, the command not yet read, and the whole of it.
    for (const before of [
      `echo step >${MARKER}`,
      `echo step >${MARKER}; ha-manager crm-command disarm-ha freeze`,
      "disarm_ha",
    ]) {
      await runLines(lab, "pve01", before);
      expect(await runLines(lab, "pve01", "arm_ha")).toMatchObject({ code: 0 });
      await lab.advance(60);
      expect(await fencing()).toBe("fencing armed (CRM watchdog active)");
      expect(await isMarked()).toBe(false);
    }
  });

  it("gives up on a service that does not settle, and leaves HA as it was", async () => {
    lab.power("pve02", false);
    lab.site.pmxcfs("pve01").ha.rules.home = {
      type: "node-affinity",
      resources: "vm:101",
      nodes: "pve02",
      strict: "1",
    };
    await lab.advance(300);
    expect(await haLine(lab, "pve01", "service vm:101")).toContain("recovery");
    const { code, stderr } = await runLines(lab, "pve01", "HA_PATIENCE=120\ndisarm_ha");
    expect(stderr).toContain(
      "HA could not be disarmed within 2 minutes, and has been left as it was",
    );
    expect(code).toBe(1);
    expect(await fencing()).toContain("armed");
    expect(await isMarked()).toBe(false);
  });
});
