import { nodeSteps } from "../../../components/cluster/nodeSteps";
import { planSteps } from "../../../components/cluster/steps";
import { planSite } from "../../../components/plan";
import { parseSite } from "../../../components/site";
import { SETTINGS } from "../support/reference";
import { type Changes, reversed, site, siteWith } from "../support/site";

const stepsOf = (changes: Changes = {}) => {
  const { cluster, storages } = planSite(site(changes), SETTINGS);
  return nodeSteps({ cluster, storages });
};
const variablesOf = (name: string, changes: Changes = {}) =>
  stepsOf(changes).find((step) => step.name === name)?.variables;

describe("what is done on a node once Proxmox VE is on it", () => {
  it("comes after the installation, on every node alike", () => {
    expect(stepsOf().map(({ name, host, after }) => [name, host, after])).toEqual(
      ["pve01", "pve02"].flatMap((node) =>
        ["bridge", "exports", "watchdog", "waits", "vzdump"].map((step) => [
          `${step}-${node}`,
          node,
          [`install-${node}`],
        ]),
      ),
    );
  });

  it("tries every export, with the version of NFS that the storage names", () => {
    expect(variablesOf("exports-pve02", { "storages.Data.nfsVersion": "4.2" })).toEqual({
      EXPORTS: [
        "Backup 192.168.18.200 /backup/pve-backup - backup",
        "Data 192.168.18.200 /backup/pve-data 4.2 images,iso,rootdir,vztmpl",
      ].join("\n"),
    });
  });

  it("is told the same, whatever the order of the file", () => {
    const turned = planSite(parseSite(reversed(siteWith({}))), SETTINGS);
    expect(planSteps(turned, () => "")).toEqual(planSteps(planSite(site(), SETTINGS), () => ""));
  });

  it("waits at boot for every server once", () => {
    expect(variablesOf("waits-pve01", { "cluster.storageWait": 7 })).toEqual({
      SERVERS: "192.168.18.200",
      MINUTES: "7",
    });
  });

  it("gives each node its own watchdog", () => {
    expect(variablesOf("watchdog-pve01", { "nodes.pve01.watchdog": "iTCO_wdt" })).toEqual({
      WATCHDOG: "iTCO_wdt",
    });
    expect(variablesOf("watchdog-pve02", { "nodes.pve01.watchdog": "iTCO_wdt" })).toEqual({
      WATCHDOG: "softdog",
    });
  });
});
