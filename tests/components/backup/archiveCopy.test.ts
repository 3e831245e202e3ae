import { useConnections } from "../support/connections";
import { built } from "../support/reference";
import { title } from "../support/resources";

const connections = useConnections();
const COPY = { from: "Backup", to: "local", node: "pve02", schedule: "*/30" };

const inputsOf = async (copy: object): Promise<unknown> =>
  (await built(connections, { "copies.usb": copy })).find((one) => title(one) === "ArchiveCopy usb")
    ?.inputs;

describe("a copy of backups tells the policies", () => {
  it("from where to where it copies, when, and how many stay", async () => {
    expect(await inputsOf({ ...COPY, retention: { last: 4 }, maxAge: "36h" })).toEqual({
      ...{ from: "Backup", to: "local", onCalendar: "*:0/30", nodes: ["pve02"] },
      ...{ maxAge: 129_600, retention: { last: 4 } },
    });
  });

  it("the retention of its storages where it has none of its own", async () => {
    expect(await inputsOf(COPY)).toMatchObject({
      retention: { last: 3, daily: 7, weekly: 4, monthly: 3 },
    });
  });
});
