import { useConnections } from "../support/connections";
import type { Registered } from "../support/pulumi";
import { built, EVERYTHING } from "../support/reference";
import { get, inputsOf, title } from "../support/resources";

const connections = useConnections();

let everything: Registered[];
beforeAll(async () => {
  everything = await built(connections, EVERYTHING);
});

const named = ({ urn }: Registered): string => urn.split("::").at(-1) ?? "";

describe("a pool", () => {
  it("has its comment, or an empty one", () => {
    expect(inputsOf(everything, "PoolLegacy office")).toEqual({
      poolId: "office",
      comment: "The office's.",
    });
    expect(inputsOf(everything, "PoolLegacy empty")).toEqual({ poolId: "empty", comment: "" });
  });

  it("gets each of its guests once both are there", () => {
    const members = everything.filter(({ type }) => type.endsWith(":Membership"));
    expect(members.map(title).sort()).toEqual(["Membership web", "Membership win2016"]);
    expect(inputsOf(everything, "Membership web")).toEqual({ poolId: "office", vmId: 102 });
    const { dependencies } = get(everything, "Membership web");
    const needed = everything.filter(({ urn }) => dependencies.includes(urn));
    expect(needed.map(named).sort()).toEqual(["office", "web"]);
  });

  it("is left by a guest before it goes into another", () => {
    expect(get(everything, "Membership web").deleteBeforeReplace).toBe(true);
  });

  it("moves no guest by an input of its own", () => {
    expect(inputsOf(everything, "ContainerLegacy web")).not.toHaveProperty("poolId");
    expect(inputsOf(everything, "VmLegacy win2016")).not.toHaveProperty("poolId");
  });
});
