import { clusterOfTwo, type Machines } from "../cluster/support/machines";

/** A service that somebody has written, enabled. */
const service = (lines: string[]): string =>
  `printf '%s\\n' '[Unit]' 'Before=pve-ha-lrm.service' '[Service]' 'Type=oneshot' ${lines
    .map((line) => `'${line}'`)
    .join(" ")} '[Install]' 'WantedBy=multi-user.target' >/etc/systemd/system/first.service
   systemctl daemon-reload; systemctl enable first.service`;

let lab: Machines;
beforeEach(async () => {
  lab = await clusterOfTwo();
  lab.site.pmxcfs("pve01").guests["100"] = {
    vmid: 100,
    type: "qemu",
    node: "pve01",
    config: { memory: "512", onboot: "1" },
  };
  lab.site.start();
  await lab.advance(30);
});
afterEach(() => lab.site.stop());

const powerCycle = async (): Promise<void> => {
  lab.power("pve01", false);
  await lab.advance(5);
  lab.power("pve01", true);
};
const states = async (): Promise<string> =>
  (
    await lab.run(
      "pve01",
      "systemctl is-active first pve-ha-crm pve-ha-lrm pve-guests pvescheduler",
    )
  ).stdout
    .trim()
    .split("\n")
    .join(" ");
const runs = (): boolean => lab.site.nodeState("pve01").running["100"] !== undefined;

/** Seconds, one by one: scripts go on between them. */
const pass = async (seconds: number): Promise<void> => {
  for (let second = 0; second < seconds; second++) await lab.advance(1);
};

describe("a service that somebody has put before the HA agent", () => {
  it("holds back the agent and what comes after it, and lets the rest start", async () => {
    await lab.out("pve01", service(["ExecStart=/usr/bin/sleep 100", "RemainAfterExit=yes"]));
    await powerCycle();
    await pass(90);
    expect(await states()).toBe("inactive active inactive inactive inactive");
    expect(lab.site.ha.isRunning("pve01", "crm")).toBe(true);
    expect(lab.site.ha.isRunning("pve01", "lrm")).toBe(false);
    expect(runs()).toBe(false);
    await pass(30);
    expect(await states()).toBe("active active active active active");
    expect(lab.site.ha.isRunning("pve01", "lrm")).toBe(true);
    expect(runs()).toBe(true);
  });

  it("holds them back no longer when it fails", async () => {
    await lab.out("pve01", service(["ExecStart=/usr/bin/false"]));
    await powerCycle();
    await pass(10);
    expect(await states()).toBe("failed active active active active");
  });

  it("is ended at its limit", async () => {
    await lab.out("pve01", service(["ExecStart=/usr/bin/sleep 6000", "TimeoutStartSec=2min"]));
    await powerCycle();
    await pass(110);
    expect(await states()).toBe("inactive active inactive inactive inactive");
    await pass(20);
    expect(await states()).toBe("failed active active active active");
  });

  it("is forgotten with the power, and runs again with the next boot", async () => {
    await lab.out("pve01", service(["ExecStart=/usr/bin/sleep 100"]));
    await powerCycle();
    await pass(50);
    await powerCycle();
    await pass(90);
    expect(lab.site.ha.isRunning("pve01", "lrm")).toBe(false);
    await pass(30);
    expect(lab.site.ha.isRunning("pve01", "lrm")).toBe(true);
  });

  it("goes on after a restart of the lab", async () => {
    await lab.out("pve01", service(["ExecStart=/usr/bin/sleep 100", "RemainAfterExit=yes"]));
    await powerCycle();
    await pass(20);
    lab.site.stop();
    lab.site.start();
    await pass(110);
    expect(await states()).toBe("active active active active active");
  });

  it("does nothing unless it is enabled", async () => {
    await lab.out("pve01", service(["ExecStart=/usr/bin/sleep 100"]));
    await lab.out("pve01", "systemctl disable first.service");
    await powerCycle();
    await pass(20);
    expect(lab.site.ha.isRunning("pve01", "lrm")).toBe(true);
  });

  it("leaves what it prints in the journal", async () => {
    await lab.out("pve01", service(["ExecStart=/usr/bin/echo the NAS answers"]));
    await powerCycle();
    await pass(5);
    expect(await lab.out("pve01", "journalctl -u first -o cat")).toBe("the NAS answers\n");
  });
});
