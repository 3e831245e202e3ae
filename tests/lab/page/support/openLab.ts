import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { controlServer } from "../../../../lab/control/server";
import { LabPaths } from "../../../../lab/paths";
import { RunningLab } from "../../../../lab/running";
import { FileStore } from "../../../../lab/seams/store";
import type { LabState } from "../../../../lab/state/types";
import { clusterWithWitness } from "../../cluster/support/machines";
import { addData, newCt, newVm } from "../../support/guests";

export const TOKEN = "the-token-of-the-lab";

export interface OpenLab {
  /** Where its page is, without a slash at the end. */
  address: string;
  lab: RunningLab;
  close(): Promise<void>;
}

/** A lab on real sockets over a folder of its own: a cluster with a QDevice, an HA VM and a container on pve02. */
export async function openLab(): Promise<OpenLab> {
  const folder = mkdtempSync(join(tmpdir(), "proxmox-ha-page-"));
  const paths = new LabPaths(folder);
  const lab = new RunningLab(paths, new FileStore(await smallSite(), paths.state));
  await lab.start();
  const server = controlServer(lab, TOKEN);
  const port = await listening(server);
  return {
    address: `http://127.0.0.1:${port}`,
    lab,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await lab.stop();
      // No timer of the site's is left, for which this process would wait.
      lab.clock.setSpeed(0);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Made in virtual time; its clock goes on from there. */
async function smallSite(): Promise<LabState> {
  const machines = await clusterWithWitness();
  machines.site.start();
  await addData(machines);
  const disk = { scsihw: "virtio-scsi-pci", scsi0: "Data:32" };
  await newVm(machines, { name: "win2016", memory: 2048, ...disk }, "pve02");
  await newCt(machines, { hostname: "web", memory: 256 }, "pve02");
  await machines.data("pve02", "POST", "/cluster/ha/resources", { sid: "vm:100" });
  await machines.task("pve02", "POST", "/nodes/pve02/lxc/101/status/start");
  await machines.advance(300);
  machines.site.stop();
  const state = structuredClone(machines.state);
  for (const host of Object.values(state.hosts)) {
    host.sshPort = await freePort();
    if (host.node) host.node.apiPort = await freePort();
  }
  state.clock = { speed: 1, site: machines.clock.now(), real: Date.now() };
  return state;
}

async function freePort(): Promise<number> {
  const probe = createServer();
  const port = await listening(probe);
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

function listening(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}
