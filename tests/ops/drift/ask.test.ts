import { askInventory, askNode } from "../../../ops/drift/ask";
import { SEPARATOR } from "../../../ops/drift/nodeFacts";
import { type Answer, type StandInHost, startHost } from "../../toolchain/launcher/support/node";

let answer: Answer = {};
let host: StandInHost;
beforeAll(async () => {
  host = await startHost(() => answer);
});
afterAll(() => host.stop());

const lists = (...rows: unknown[][]): Answer => ({
  stdout: rows.map((list) => `${JSON.stringify(list)}\n${SEPARATOR}\n`).join(""),
});

describe("a node that is asked what the cluster has", () => {
  it("tells it by ids and a few words", async () => {
    answer = lists(
      [
        { vmid: 900, type: "qemu", name: "stray", node: "pve01" },
        { vmid: 901, type: "lxc", name: "ct", node: "pve02" },
      ],
      [{ storage: "usb", type: "dir" }],
      [{ id: "x-1", storage: "usb", schedule: "03:00" }],
      [{ sid: "vm:900" }],
      [{ rule: "apart" }],
    );
    expect(await askInventory(host.connection(), 9)).toEqual({
      guests: [
        { id: "900", words: "VM stray on pve01" },
        { id: "901", words: "container ct on pve02" },
      ],
      storages: [{ id: "usb", words: "a storage of type dir" }],
      backupJobs: [{ id: "x-1", words: "a backup job to usb at 03:00" }],
      haResources: [{ id: "vm:900" }],
      haRules: [{ id: "apart" }],
    });
    expect(host.commands.at(-1)).toContain("pvesh get /cluster/ha/rules ");
  });

  it("is asked for groups where there are no rules yet", async () => {
    answer = lists([], [], [], [], [{ group: "prefer" }]);
    expect((await askInventory(host.connection(), 8)).haRules).toEqual([{ id: "prefer" }]);
    expect(host.commands.at(-1)).toContain("pvesh get /cluster/ha/groups ");
  });

  it("is a failure where it does not tell all of it", async () => {
    answer = { stderr: "ipcc_send_rec failed: Connection refused\n", code: 1 };
    await expect(askInventory(host.connection(), 9)).rejects.toThrow(
      "127.0.0.1 does not tell what the cluster has: ipcc_send_rec failed: Connection refused",
    );
  });
});

describe("a node that is asked about itself", () => {
  it("may be no member of anything", async () => {
    answer = { stdout: "Error: Corosync config does not exist\n" };
    expect(await askNode("pve01", host.connection())).toMatchObject({ quorate: false, votes: 0 });
  });

  it("is named where the connection breaks", async () => {
    answer = { code: undefined };
    await expect(askNode("pve02", host.connection())).rejects.toThrow(/^pve02: /);
  });
});
