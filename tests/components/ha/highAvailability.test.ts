import { useConnections } from "../support/connections";
import type { Registered } from "../support/pulumi";
import { built, EVERYTHING } from "../support/reference";
import { get, inputsOf, title } from "../support/resources";

const connections = useConnections();

let everything: Registered[];
beforeAll(async () => {
  everything = await built(connections, EVERYTHING);
});

describe("a rule over several guests", () => {
  it("keeps them together or apart", () => {
    expect(inputsOf(everything, "Harule group-office")).toEqual({
      rule: "group-office",
      type: "resource-affinity",
      affinity: "positive",
      resources: ["vm:101", "ct:102"],
    });
    expect(inputsOf(everything, "Harule group-servers")).toMatchObject({
      affinity: "negative",
      resources: ["vm:100", "vm:101"],
    });
  });

  it("waits for its guests under HA and for their preferred nodes, which it may not contradict", () => {
    const { dependencies } = get(everything, "Harule group-office");
    const needed = everything.filter(({ urn }) => dependencies.includes(urn));
    expect(needed.map(title).sort()).toEqual([
      "Haresource ubuntu",
      "Haresource web",
      "Harule prefer-web",
    ]);
  });
});
