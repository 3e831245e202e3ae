import { readFacts } from "../../../policy/inputs/read";
import { NOTHING } from "../support/facts";
import {
  CLUSTER,
  CONTAINER,
  HA_RESOURCE,
  HA_RULE,
  NFS,
  resource,
  UNKNOWN_TEXT,
  VM,
} from "../support/inputs";

describe("resources", () => {
  it("that no rule is about make no facts", () => {
    const others = [
      resource("pulumi:pulumi:Stack", "proxmox-ha-dev", {}),
      resource("random:index/randomPet:RandomPet", "found", { create: UNKNOWN_TEXT }),
      resource("proxmox-ha:guest:VirtualMachine", "win2016", {}),
    ];
    expect(readFacts(others)).toEqual(NOTHING);
  });

  it("keep their URN and name", () => {
    const facts = readFacts(
      [CLUSTER, HA_RESOURCE, HA_RULE, VM, CONTAINER, NFS].map((type, index) =>
        resource(type, `r${index}`, {}),
      ),
    );
    expect(
      Object.values(facts)
        .flat()
        .map(({ urn, name }) => `${name} ${urn}`),
    ).toEqual([0, 1, 2, 3, 4, 5].map((index) => `r${index} urn:r${index}`));
  });
});
