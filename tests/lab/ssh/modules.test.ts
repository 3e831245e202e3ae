import { freshHosts, type Machines } from "../cluster/support/machines";

let lab: Machines;
beforeEach(async () => {
  lab = await freshHosts();
});

const IDENTITY = "/sys/class/watchdog/watchdog0/identity";
const out = (script: string): Promise<string> => lab.out("pve01", script);

describe("modprobe", () => {
  it.each([
    ["modprobe -n softdog", 0, ""],
    ["modprobe -n -q nosuch", 1, ""],
    ["modprobe -r softdog", 1, "modprobe: FATAL: Module softdog is in use.\n"],
  ])("%s", async (script, exitCode, stderr) => {
    expect(await lab.run("pve01", script)).toMatchObject({ exitCode, stderr });
  });

  it("names a module that the kernel does not have", async () => {
    expect((await lab.run("pve01", "modprobe nosuch")).stderr).toMatch(
      /^modprobe: FATAL: Module nosuch not found in directory \/lib\/modules\/.+\n$/,
    );
  });
});

describe("watchdog-mux", () => {
  it("opens softdog where nothing is configured", async () => {
    expect(await out(`cat ${IDENTITY} /sys/module/softdog/refcnt; lsmod | grep -c softdog`)).toBe(
      "Software Watchdog\n1\n1\n",
    );
  });

  it("takes the device that is there, whatever is configured", async () => {
    await out(
      "echo WATCHDOG_MODULE=iTCO_wdt >/etc/default/pve-ha-manager; systemctl restart watchdog-mux",
    );
    expect(await out(`cat ${IDENTITY}`)).toBe("Software Watchdog\n");
    await out("systemctl stop watchdog-mux; modprobe -r softdog; systemctl start watchdog-mux");
    expect(await out(`cat ${IDENTITY}; test ! -e /sys/module/softdog/refcnt`)).toBe("iTCO_wdt\n");
  });

  it("fails where the configured module finds no hardware", async () => {
    lab.site.host("pve01").traits = { watchdogs: [] };
    const { exitCode } = await lab.run(
      "pve01",
      "systemctl stop watchdog-mux; modprobe -r softdog; echo WATCHDOG_MODULE=iTCO_wdt >/etc/default/pve-ha-manager; systemctl start watchdog-mux",
    );
    expect(exitCode).toBe(1);
    expect((await lab.run("pve01", "systemctl is-failed watchdog-mux")).stdout).toBe("failed\n");
  });

  it("has no entry among the kernel's watchdogs with that of IPMI", async () => {
    lab.site.host("pve01").traits = { watchdogs: ["ipmi_watchdog"] };
    await out(
      "systemctl stop watchdog-mux; modprobe -r softdog; modprobe ipmi_watchdog; systemctl start watchdog-mux",
    );
    expect(await out(`test -e /dev/watchdog && test ! -e ${IDENTITY} && echo so`)).toBe("so\n");
  });

  it("shows by a file that an HA agent is connected", async () => {
    const marker = "test -e /run/watchdog-mux.active; echo $?";
    expect(await out(marker)).toBe("1\n");
    lab.state.haMemory = { nodes: { pve01: { watchdog: { clients: { lrm: 0 } } } } };
    expect(await out(marker)).toBe("0\n");
  });
});
