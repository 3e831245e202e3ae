import { useConnections } from "../support/connections";
import type { Registered } from "../support/pulumi";
import { built, EVERYTHING } from "../support/reference";
import { get, inputsOf } from "../support/resources";

const connections = useConnections();
const FOREIGN = [
  "description",
  "emailFrom",
  "httpProxy",
  "language",
  "macPrefix",
  "nextId",
  "notify",
];

let reference: Registered[];
let everything: Registered[];
beforeAll(async () => {
  reference = await built(connections);
  everything = await built(connections, EVERYTHING);
});

describe("the cluster's options", () => {
  it("are said one by one, though Proxmox VE has the same without", () => {
    expect(inputsOf(reference, "Options options")).toEqual({
      bandwidthLimitDefault: 30517,
      maxWorkers: 2,
      haShutdownPolicy: "conditional",
      crsHa: "basic",
      crsHaRebalanceOnStart: false,
      migrationType: "secure",
    });
  });

  it("hold all that the file says", () => {
    expect(inputsOf(everything, "Options options")).toEqual({
      bandwidthLimitDefault: 61440,
      bandwidthLimitMigration: 51200,
      bandwidthLimitRestore: 40960,
      bandwidthLimitMove: 30720,
      bandwidthLimitClone: 20480,
      maxWorkers: 3,
      haShutdownPolicy: "migrate",
      crsHa: "static",
      crsHaRebalanceOnStart: true,
      migrationType: "insecure",
      migrationCidr: "10.10.10.0/24",
      keyboard: "de",
      console: "xtermjs",
    });
  });

  it("leave what the file does not describe to whoever has set it", () => {
    expect(get(everything, "Options options").ignoreChanges).toEqual(FOREIGN);
    expect(get(reference, "Options options").ignoreChanges).toEqual([
      ...FOREIGN,
      "console",
      "keyboard",
    ]);
  });

  it("stay when the stack goes, as the cluster does", () => {
    expect(get(reference, "Options options").retainOnDelete).toBe(true);
  });

  it("tell the policies from which link the limits are derived", () => {
    expect(inputsOf(everything, "ClusterOptions options")).toEqual({ linkSpeed: 305175 });
  });
});
