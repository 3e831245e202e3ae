import { followGuests, losesGuests } from "../../ops/moved";
import type { ResourceState } from "../../ops/pulumi";
import type { GuestReport } from "../../toolchain/launcher/probe";
import { Project } from "../toolchain/launcher/support/project";
import { checkpoint, dev, resource } from "./support/site";

const guestOf = (type: string, name: string, id: string, nodeName: string): ResourceState => ({
  ...resource(`proxmoxve:index/${type}Legacy:${type}Legacy`, name, { nodeName }),
  ...{ id, outputs: { nodeName } },
});
const WEB = guestOf("container", "web", "102", "pve02");
const WIN = guestOf("vm", "win2016", "100", "pve02");
const STATE = [WIN, WEB, resource("proxmoxve:storage/nfs:Nfs", "Data")];

const seen = (vmid: number, node: string, urn: string): GuestReport => ({
  ...{ vmid, type: "lxc", node, disks: {} },
  notes: `In the cellar.\n\nManaged by Pulumi, stack dev: ${urn} from Data:vztmpl/x.tar.zst`,
});

describe("a guest that somebody has moved", () => {
  it("is lost by the provider if it is a container", () => {
    expect(losesGuests(STATE, [seen(102, "pve01", WEB.urn)])).toBe(true);
  });

  it.each([
    ["is where the state says", [seen(102, "pve02", WEB.urn)]],
    ["is a VM, which the provider follows", [seen(100, "pve01", WIN.urn)]],
    ["carries another's mark", [seen(102, "pve01", `${WEB.urn}2`)]],
    ["is not there at all", []],
  ])("is not lost if it %s", (_, guests) => {
    expect(losesGuests(STATE, guests)).toBe(false);
  });
});

describe("following guests", () => {
  let project: Project;
  beforeEach(() => {
    project = new Project();
    project.answer({ "stack export": { stdout: JSON.stringify(checkpoint(STATE)) } });
  });
  afterEach(() => project.dispose());

  it("writes into the state where they are now, and nothing else", async () => {
    const guests = [seen(100, "pve01", WIN.urn), seen(102, "pve01", WEB.urn)];
    expect(await followGuests(dev(project), guests)).toEqual(["win2016", "web"]);
    const after = JSON.parse(project.read("tools/stdin")) as ReturnType<typeof checkpoint>;
    const place = { inputs: { nodeName: "pve01" }, outputs: { nodeName: "pve01" } };
    expect(after).toEqual(
      checkpoint([
        { ...WIN, ...place },
        { ...WEB, ...place },
        resource("proxmoxve:storage/nfs:Nfs", "Data"),
      ]),
    );
  });

  it("leaves a state alone in which all are where they are", async () => {
    expect(await followGuests(dev(project), [seen(102, "pve02", WEB.urn)])).toEqual([]);
    expect(project.calls().filter((call) => call.includes("import"))).toEqual([]);
  });
});
