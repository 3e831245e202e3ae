import { OpsError } from "../../ops/errors";
import { describe as summaryOf, summary } from "../../ops/summary";
import type { Outputs } from "../../components/outputs";
import { printed } from "../toolchain/launcher/support/output";
import { Project } from "../toolchain/launcher/support/project";
import { dev } from "./support/site";

const project = new Project();
afterAll(() => project.dispose());

const NFS = { type: "nfs", shared: true };

const OUTPUTS: Outputs = {
  cluster: { name: "mizar", release: 9, votes: 3, quorum: 2, witness: "nas" },
  nodes: [
    { name: "pve01", address: "192.168.18.251", webInterface: "https://192.168.18.251:8006" },
    { name: "pve02", address: "192.168.18.100", webInterface: "https://192.168.18.100:8006" },
  ],
  storages: [
    { id: "Backup", ...NFS, place: "192.168.18.200:/backup/pve-backup", content: ["backup"] },
    { id: "Data", ...NFS, server: "192.168.18.200", export: "/d", content: ["images", "rootdir"] },
    { id: "tank", type: "zfs", shared: false, place: "rpool/data", content: ["images"] },
  ],
  guests: [
    { key: "win2016", type: "vm", vmid: 100, homeNode: "pve02", haState: "started" },
    { key: "web", type: "container", vmid: 102, homeNode: "pve02", haState: null },
  ],
  backupJobs: [{ id: "nightly", schedule: "02:00", storage: "Backup" }],
};

const TEXT = `Stack dev: cluster mizar (Proxmox VE 9), 3 votes, 2 needed, nas is the witness.

Node        pve01  192.168.18.251  https://192.168.18.251:8006
            pve02  192.168.18.100  https://192.168.18.100:8006

Storage     Backup  192.168.18.200:/backup/pve-backup  nfs                   backup
            Data    192.168.18.200:/d                  nfs                   images, rootdir
            tank    rpool/data                         zfs, each node's own  images

Guest       win2016  vm 100         home pve02  HA started
            web      container 102  home pve02  not HA

Backup job  nightly  02:00  to Backup`;

it("shows a site as tables whose columns stand below each other", () => {
  expect(summaryOf("dev", OUTPUTS)).toBe(TEXT);
});

it("leaves out what a site does not have", () => {
  const cluster = { ...OUTPUTS.cluster, witness: null, votes: 1, quorum: 1 };
  const bare = { ...OUTPUTS, cluster, storages: [], guests: [], backupJobs: [] };
  expect(summaryOf("dev", { ...bare, nodes: OUTPUTS.nodes.slice(0, 1) })).toBe(
    "Stack dev: cluster mizar (Proxmox VE 9), 1 votes, 1 needed.\n\n" +
      "Node        pve01  192.168.18.251  https://192.168.18.251:8006",
  );
});

it("reads what the stack exports", async () => {
  project.answer({ "stack output": { stdout: JSON.stringify(OUTPUTS) } });
  expect(await printed(process.stdout, () => summary(dev(project)))).toBe(`\n${TEXT}\n`);
  expect(project.calls().at(-1)).toBe("stack output --json --stack dev");
});

it.each([
  ["has exported nothing", "{}"],
  ["has exported only a part", JSON.stringify({ cluster: OUTPUTS.cluster })],
])("says in a sentence that a stack %s", async (_, stdout) => {
  project.answer({ "stack output": { stdout } });
  await expect(summary(dev(project))).rejects.toThrow(OpsError);
  await expect(summary(dev(project))).rejects.toThrow(
    /^Stack dev has nothing to show: .* Run: pulumi up --stack dev$/,
  );
});

it("passes on what the CLI says of a stack that is not there", async () => {
  project.answer({ "stack output": { stderr: "error: no stack named 'dev' found\n", code: 255 } });
  await expect(summary(dev(project))).rejects.toThrow(
    /^pulumi stack output --json failed:\nerror: no stack named 'dev' found$/,
  );
});
