import { clusterWithWitness, type Machines } from "../../lab/cluster/support/machines";
import { runScript } from "../support/labSteps";

const CONF = "/etc/default/pve-ha-manager";
const IDENTITY = "/sys/class/watchdog/watchdog0/identity";

let lab: Machines;
beforeEach(async () => {
  lab = await clusterWithWitness();
  lab.site.start();
  await lab.advance(60);
});
afterEach(() => lab.site.stop());

const setTo = (module: string) => runScript(lab, "pve01", "cluster/watchdog", { WATCHDOG: module });
const out = (command: string): Promise<string> => lab.out("pve01", command);

async function haGuest(): Promise<void> {
  const guest = { vmid: 100, type: "qemu" as const, node: "pve01", config: { memory: "512" } };
  lab.site.pmxcfs("pve01").guests["100"] = guest;
  await out("ha-manager add vm:100");
  await lab.advance(60);
}

describe("the watchdog of a node", () => {
  it("is softdog without a single write where nothing is set", async () => {
    const before = JSON.stringify(lab.site.host("pve01"));
    expect(await setTo("softdog")).toMatchObject({
      exitCode: 0,
      stderr: "pve01: the watchdog is softdog\n",
    });
    expect(JSON.stringify(lab.site.host("pve01"))).toBe(before);
  });

  it("becomes the machine's own, and is that after the next boot too", async () => {
    expect(await setTo("iTCO_wdt")).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining("pve01: the watchdog is iTCO_wdt (iTCO_wdt)\n") as string,
    });
    expect(await out(`cat ${CONF}`)).toMatch(/\nWATCHDOG_MODULE=iTCO_wdt\n$/);
    expect(await out(`cat ${IDENTITY}; systemctl is-active watchdog-mux`)).toBe(
      "iTCO_wdt\nactive\n",
    );
    expect((await setTo("iTCO_wdt")).stderr).toMatch(/^pve01: the watchdog is iTCO_wdt\n/);
    await out("reboot");
    await lab.advance(90);
    expect(await out(`cat ${IDENTITY}`)).toBe("iTCO_wdt\n");
  });

  it("is noted to be disturbed by the kernel's NMI watchdog", async () => {
    expect((await setTo("iTCO_wdt")).stderr).toContain("nmi_watchdog=0");
    expect((await setTo("softdog")).stderr).not.toContain("nmi_watchdog");
  });

  it("goes back to softdog", async () => {
    await setTo("iTCO_wdt");
    expect((await setTo("softdog")).exitCode).toBe(0);
    expect(await out(`grep -c WATCHDOG_MODULE=softdog ${CONF}; cat ${IDENTITY}`)).toBe(
      "1\nSoftware Watchdog\n",
    );
  });

  it("may have no entry among the kernel's watchdogs, as that of IPMI", async () => {
    lab.site.host("pve01").traits = { watchdogs: ["ipmi_watchdog"] };
    expect((await setTo("ipmi_watchdog")).exitCode).toBe(0);
    expect((await lab.run("pve01", `cat ${IDENTITY}`)).exitCode).toBe(1);
    expect((await setTo("ipmi_watchdog")).stderr).toContain("the watchdog is ipmi_watchdog\n");
  });

  it("stays as it was where the machine has no such hardware", async () => {
    lab.site.host("pve01").traits = { watchdogs: [] };
    const { exitCode, stderr } = await setTo("iTCO_wdt");
    expect(exitCode).toBe(1);
    expect(stderr).toContain("watchdog-mux does not run with iTCO_wdt; it has softdog again\n");
    expect(await out(`cat ${IDENTITY}; systemctl is-active watchdog-mux`)).toBe(
      "Software Watchdog\nactive\n",
    );
    expect(await out(`tail -n 1 ${CONF}`)).toBe("WATCHDOG_MODULE=softdog\n");
  });

  it("is refused where the kernel has no such module, before anything changes", async () => {
    const before = await out(`cat ${CONF}`);
    const { exitCode, stderr } = await setTo("nosuch_wdt");
    expect(exitCode).toBe(1);
    expect(stderr).toContain("this node's kernel has no module nosuch_wdt\n");
    expect(await out(`cat ${CONF}; systemctl is-active watchdog-mux`)).toBe(`${before}active\n`);
  });

  it("is not shared with Debian's watchdog daemon", async () => {
    lab.site.host("pve01").packages.push("watchdog");
    const { exitCode, stderr } = await setTo("softdog");
    expect(exitCode).toBe(1);
    expect(stderr).toContain("What to do: apt-get remove watchdog; then run this again\n");
  });
});

describe("with HA at work on the node", () => {
  it("nothing is changed, and the node is not reset", async () => {
    await haGuest();
    const before = await out(`cat ${CONF}`);
    const { bootedAt } = lab.site.host("pve01");
    const { exitCode, stderr } = await setTo("iTCO_wdt");
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      "the watchdog cannot be changed from softdog to iTCO_wdt: an HA agent of this node holds it, and the change could reset the node; nothing has been changed\n",
    );
    expect(stderr).toContain("ha-manager crm-command disarm-ha freeze");
    await lab.advance(120);
    expect(lab.site.host("pve01").bootedAt).toBe(bootedAt);
    expect(await out(`cat ${CONF}`)).toBe(before);
  });

  it("the same watchdog as before is none of its business", async () => {
    await haGuest();
    expect((await setTo("softdog")).exitCode).toBe(0);
  });

  it("what somebody has written by hand waits for the next reboot", async () => {
    await haGuest();
    await out(`echo WATCHDOG_MODULE=iTCO_wdt >${CONF}`);
    const { exitCode, stderr } = await setTo("iTCO_wdt");
    expect(exitCode).toBe(1);
    expect(stderr).toContain("it takes effect with the node's next reboot");
  });

  it("it is changed while HA is disarmed, and guards the node again afterwards", async () => {
    await haGuest();
    await out("ha-manager crm-command disarm-ha freeze");
    await lab.advance(90);
    expect((await setTo("iTCO_wdt")).stderr).toContain("the watchdog is iTCO_wdt");
    await out("ha-manager crm-command arm-ha");
    await lab.advance(90);
    expect(await out("test -e /run/watchdog-mux.active && ha-manager status")).toContain(
      "service vm:100 (pve01, started)",
    );
  });
});
