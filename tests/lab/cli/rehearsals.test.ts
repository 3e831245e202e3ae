import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Clone, removeClones, ssh } from "./support";

jest.setTimeout(60_000);

const clone = new Clone();
afterAll(removeClones);

/** `lab` with the words of `line`. */
const lab = (line: string): string => clone.out(...line.split(" "));

describe("before the lab runs", () => {
  it.each([
    ["power pve02 dim", 'power is "on" or "off", not "dim"'],
    ["cable unplug", "name one host or two: cable pve01 unplug, cable pve01 nas unplug"],
    ["cable pve01 nas cut", 'what to do with a cable is "plug" or "unplug", not "cut"'],
    ["service nas nfs-server kill", 'what to do with a service is "stop" or "start", not "kill"'],
    ["disk nas empty", 'a disk is "full" or "free", not "empty"'],
    ["api pve01", "say how: --delay 2s, --fail 10%, or --well to end it"],
    ["api pve01 --fail 110%", '"110%" is no share; write it as in 10% or 0.1'],
    [
      "api pve01 --delay soon",
      '"soon" is no span of time; write it as in 500ms, 2s, 15m, 1h30m or 2d',
    ],
    ["clock --speed fast", 'speed is a number from 0 on, not "fast"'],
    ["nas stop", "there is no lab here yet; make one: npm run -s lab -- start"],
    ["restore before", "the lab does not run; start it: npm run -s lab -- start"],
    ["page", "the lab does not run; start it: npm run -s lab -- start"],
  ])("lab %s says what to do", (line, message) => {
    expect(clone.lab(...line.split(" "))).toEqual({ code: 1, out: "", err: `lab: ${message}\n` });
  });
});

describe("a rehearsal from the command line", () => {
  beforeAll(() => {
    clone.out("start");
  });

  it.each([
    ["cable pve01 unplug", "pve01's plug is out"],
    ["cable pve01 plug", "pve01's plug is in"],
    ["cable pve01 nas unplug", "the way from pve01 to nas is cut"],
    ["partition pve01 / pve02,nas", "apart: pve01 / pve02, nas"],
    ["heal", "every cable is plugged in"],
    ["nas stop", "nfs-server on nas is stopped"],
    ["nas start", "nfs-server on nas runs"],
    ["disk nas full", "nas: /backup/pve-backup, /backup/pve-data full"],
    ["disk nas free --path /backup/pve-data", "nas: /backup/pve-data free"],
    ["api pve01 --delay 0.5s --fail 10%", "pve01: requests wait 500 ms, 10 % fail"],
    ["api --well", "every node answers well"],
    ["snapshots", "there is no snapshot yet; take one: npm run -s lab -- snapshot NAME"],
  ])("lab %s says what is so now", (line, said) => {
    expect(lab(line)).toBe(said);
  });

  it("refuses in the lab's words", () => {
    const { code, err } = clone.lab("service", "nas", "corosync-qnetd", "stop");
    expect([code, err]).toEqual([1, expect.stringMatching(/^lab: nas: Failed to stop /)]);
    expect(clone.lab("restore", "nosuch").err).toBe(
      'lab: there is no snapshot "nosuch"; there is none yet\n',
    );
  });

  it("shows what has happened", () => {
    const log = lab("log");
    expect(log).toMatch(/^\S+Z pve01 {2}cable {5}warning: the plug is out$/m);
    expect(log).toMatch(/^\S+Z nas {4}service {3}nfs-server is stopped$/m);
    expect(lab("clock --advance 2h")).toMatch(/time goes as it does outside$/);
    expect(lab("log --since 1h")).not.toMatch(/plug/);
  });

  it("moves time, which goes on where it was after a restart", () => {
    const [, before = ""] = /it is (\S+) in/.exec(lab("clock --speed 0")) ?? [];
    expect(Date.parse(before) - Date.now()).toBeGreaterThan(2 * 3_600_000 - 60_000);
    lab("stop");
    lab("start");
    expect(lab("clock")).toBe(`it is ${before} in the lab; time stands still`);
    expect(lab("clock --advance 1h30m --speed 10")).toMatch(
      /time goes 10 times as fast as outside$/,
    );
    lab("clock --speed 1");
  });

  it("comes back to a snapshot, at the same ports and with the same keys", () => {
    const before = clone.status();
    const [, pve02] = before.nodes;
    expect(lab("snapshot good")).toBe("snapshot good is taken");
    if (pve02) ssh(pve02, "echo changed > /root/mark");
    lab("power pve02 off");
    expect(lab("restore good")).toBe("the lab is as in snapshot good");
    expect(clone.status()).toEqual(before);
    if (pve02)
      expect(ssh(pve02, "cat /root/mark 2>&1; hostname").out).toMatch(/No such file.*\npve02\n$/);
    expect(lab("snapshots")).toMatch(/^\S+Z {2}good$/);
    lab("snapshot good --delete");
    expect(lab("snapshots")).toMatch(/^there is no snapshot yet/);
  });

  it("begins anew with the same hosts, or with none", () => {
    const before = clone.status();
    if (before.nodes[0]) ssh(before.nodes[0], "pvecm create site");
    lab("snapshot cluster");
    expect(lab("reset --hosts")).toBe(
      "the hosts are as they were installed; ports, keys and credentials are the same",
    );
    expect(clone.status()).toEqual(before);
    if (before.nodes[0]) expect(ssh(before.nodes[0], "pvecm status").code).not.toBe(0);
    expect(readdirSync(join(clone.dir, "snapshots"))).toEqual(["cluster.json"]);
    lab("reset");
    expect(existsSync(clone.dir)).toBe(false);
  });
});
