import {
  type Asked,
  choose,
  offlineNodes,
  unreachableGuests,
} from "../../../toolchain/launcher/choose";
import type { NodeReport } from "../../../toolchain/launcher/probe";
import { urnOf } from "./support/reports";

type Cluster = NodeReport["cluster"];
const QUORATE: Cluster = { name: "mizar", quorate: true };
const ALONE: Cluster = { name: "mizar", quorate: false };

function answer(name: string, cluster: Cluster, after = 0): Asked {
  const report: NodeReport = {
    ...{ name, authority: "", members: {}, guests: [], storages: [] },
    ...(cluster ? { cluster } : {}),
  };
  return { name, answer: new Promise((resolve) => setTimeout(() => resolve(report), after)) };
}

function silence(name: string, after = 0): Asked {
  const answer = new Promise<NodeReport>((_, reject) =>
    setTimeout(() => reject(new Error("no answer")), after),
  );
  return { name, answer };
}

const WANTED = { clusterName: "mizar", founder: "pve01" };
const PATIENCE_MS = 60;
const chosen = async (...asked: Asked[]) => {
  const choice = await choose(asked, WANTED, PATIENCE_MS);
  return choice && { name: choice.report.name, notices: choice.notices };
};

describe("the node to work through", () => {
  it("is the first of the file when all answer", async () => {
    expect(await chosen(answer("pve01", QUORATE), answer("pve02", QUORATE))).toEqual({
      name: "pve01",
      notices: [],
    });
  });

  it("is the first of the file even when a later one is a little faster", async () => {
    const choice = await chosen(answer("pve01", QUORATE, 10), answer("pve02", QUORATE));
    expect(choice?.name).toBe("pve01");
  });

  it("is a later one when the first lets everybody wait", async () => {
    const choice = await chosen(answer("pve01", QUORATE, 1_000), answer("pve02", QUORATE));
    expect(choice).toEqual({ name: "pve02", notices: [] });
  });

  it("is found without waiting once all have spoken", async () => {
    const started = Date.now();
    const asked = [silence("pve01"), answer("pve02", QUORATE)];
    expect((await choose(asked, WANTED, 10_000))?.report.name).toBe("pve02");
    expect(Date.now() - started).toBeLessThan(2_000);
  });

  it("is a quorate one before one that is first but cut off", async () => {
    expect(await chosen(answer("pve01", ALONE), answer("pve02", QUORATE, 5))).toEqual({
      name: "pve02",
      notices: [],
    });
  });

  it("is a quorate one before one that has not joined yet", async () => {
    const choice = await chosen(answer("pve01", undefined), answer("pve02", QUORATE, 5));
    expect(choice).toEqual({ name: "pve02", notices: [] });
  });

  it("is the founder where there is no cluster yet, wherever it stands in the file", async () => {
    const founder = answer("pve01", undefined, 5);
    const expected = { name: "pve01", notices: [] };
    expect(await chosen(founder, answer("pve02", undefined))).toEqual(expected);
    expect(await chosen(answer("pve02", undefined), founder)).toEqual(expected);
  });

  it("is none where there is no cluster yet and the founder is silent", async () => {
    expect(await chosen(silence("pve01"), answer("pve02", undefined))).toBeUndefined();
  });

  it("is a member without quorum when there is no other, and that is said", async () => {
    const choice = await chosen(answer("pve01", undefined), answer("pve02", ALONE), silence("c"));
    expect(choice?.name).toBe("pve02");
    expect(choice?.notices).toEqual([
      "No node has quorum. Reading works through pve02, but Proxmox VE will refuse every change. " +
        "Look at: pvecm status on pve02",
    ]);
  });

  it("is one in another cluster rather than one in none, so that nothing is founded beside it", async () => {
    const other = answer("pve02", { name: "alcor", quorate: true });
    const choice = await chosen(answer("pve01", undefined), other);
    expect(choice).toEqual({ name: "pve02", notices: [] });
    expect((await chosen(other, answer("pve03", ALONE)))?.name).toBe("pve03");
  });

  it("is chosen with the names of those that gave no answer, but not of a slow one", async () => {
    const asked = [silence("pve01", 5), answer("pve02", QUORATE), answer("pve03", QUORATE, 1_000)];
    expect((await choose(asked, WANTED, PATIENCE_MS))?.failed).toEqual(["pve01"]);
    expect((await choose([answer("pve01", QUORATE)], WANTED))?.failed).toEqual([]);
  });

  it("is none when nobody answers", async () => {
    expect(await chosen(silence("pve01"), silence("pve02", 5))).toBeUndefined();
    expect(await chosen()).toBeUndefined();
  });
});

describe("nodes that are down", () => {
  it("are members that are offline, and nodes that gave no answer", () => {
    const report: NodeReport = {
      ...{ name: "pve01", authority: "", guests: [], storages: [], cluster: QUORATE },
      members: { pve01: true, pve03: false, pve02: false },
    };
    expect(offlineNodes({ report, failed: [] })).toEqual(["pve02", "pve03"]);
    expect(offlineNodes({ report, failed: ["pve04", "pve02"] })).toEqual([
      "pve02",
      "pve03",
      "pve04",
    ]);
  });
});

describe("guests that cannot be reached", () => {
  const guest = (vmid: number, node: string, notes: string) =>
    ({ vmid, type: "qemu", node, notes, disks: {} }) as const;
  const mark = (stack: string, name: string) => `Managed by Pulumi, stack ${stack}: ${urnOf(name)}`;
  const report = (...guests: NodeReport["guests"]): NodeReport => ({
    ...{ name: "pve01", authority: "", guests, storages: [], cluster: QUORATE },
    members: { pve01: true, pve02: false },
  });
  const urns = (stack: string, ...guests: NodeReport["guests"]) =>
    unreachableGuests({ report: report(...guests), failed: [] }, stack).map(({ urn }) => urn);

  it("are the stack's own on members that are offline", () => {
    const guests = [
      guest(100, "pve02", mark("dev", "win2016")),
      guest(101, "pve01", mark("dev", "ubuntu")),
      guest(102, "pve02", `${mark("dev", "web")} from Data:vztmpl/debian.tar.zst`),
    ];
    expect(urns("dev", ...guests)).toEqual([urnOf("win2016"), urnOf("web")]);
  });

  it("are as well those on members that gave no answer and still count as online", () => {
    const guests = [guest(101, "pve01", mark("dev", "ubuntu"))];
    const choice = { report: report(...guests), failed: ["pve01"] };
    expect(unreachableGuests(choice, "dev").map(({ urn }) => urn)).toEqual([urnOf("ubuntu")]);
  });

  it("are none of another stack, of nobody, or on a host that is no member", () => {
    const guests = [
      guest(100, "pve02", mark("prod", "win2016")),
      guest(101, "pve02", mark("dev2", "ubuntu")),
      guest(102, "pve02", ""),
      guest(103, "pve03", mark("dev", "gone")),
    ];
    expect(urns("dev", ...guests)).toEqual([]);
  });

  it("are told apart by the whole name of the stack, dots and all", () => {
    const guests = [guest(100, "pve02", mark("a-b", "x")), guest(101, "pve02", mark("a.b", "y"))];
    expect(urns("a.b", ...guests)).toEqual([urnOf("y")]);
  });
});
