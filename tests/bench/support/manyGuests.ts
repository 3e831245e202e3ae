import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openLab } from "../../../lab/installation";
import type { LabState } from "../../../lab/state/types";
import { daemonCommand } from "../../../lab/program";
import type { Target } from "./load";

export interface BenchLab {
  target: Target;
  /** From the start of the process until every port of the lab answers. */
  startSeconds: number;
  /** What the process holds in memory now (VmRSS). */
  megabytes(): number;
  stop(): Promise<void>;
}

/** A lab in `folder` with `count` VMs on a node, every second of them running, in a process of its own. */
export async function benchLab(folder: string, count: number): Promise<BenchLab> {
  const { store, secrets } = await openLab(folder);
  addGuests(store.state, count);
  store.touch();
  await store.flush();
  const command = await daemonCommand();
  const { child, seconds } = await started([...command, folder]);
  const apiPort = store.state.hosts.pve01?.node?.apiPort;
  return {
    target: {
      url: `https://127.0.0.1:${apiPort}`,
      ca: readFileSync(join(folder, "ca.pem"), "utf8"),
      username: "root@pam",
      password: secrets.password,
    },
    startSeconds: seconds,
    megabytes: () => memoryOf(child.pid ?? 0),
    stop: () => ended(child),
  };
}

function addGuests(state: LabState, count: number): void {
  const node = state.hosts.pve01?.node;
  const config = node && state.pmxcfs[node.pmxcfs];
  if (!config) throw new Error("the lab has no node pve01");
  for (let index = 0; index < count; index++) {
    const vmid = 1000 + index;
    const disk = `local:${vmid}/vm-${vmid}-disk-0.qcow2`;
    config.guests[vmid] = {
      vmid,
      type: "qemu",
      node: "pve01",
      config: { name: `guest-${vmid}`, memory: "512", cores: "1", scsi0: `${disk},size=8G` },
    };
    if (index % 2 === 0) node.running[vmid] = { pid: 10_000 + index, startedAt: 1_700_000_000 };
  }
}

async function started(command: string[]): Promise<{ child: ChildProcess; seconds: number }> {
  const from = performance.now();
  const child = spawn(process.execPath, command, { stdio: ["ignore", "pipe", "inherit"] });
  await new Promise<void>((resolve, reject) => {
    child.stdout.on("data", (chunk: Buffer) => {
      if (chunk.includes("ready ")) resolve();
    });
    child.once("exit", () => reject(new Error("the lab did not start")));
  });
  return { child, seconds: (performance.now() - from) / 1000 };
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.kill();
  });
}

function memoryOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}
