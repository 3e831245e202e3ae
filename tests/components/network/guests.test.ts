import { refuses } from "../support/broken";
import { type Changes, site } from "../support/site";

const on = (nodes: string[], more: Changes): Changes => ({
  "network.bridges": { vmbr1: { nodes } },
  ...more,
});

describe("a bridge of a guest", () => {
  refuses([
    [
      "is described",
      { "guests.web.bridge": "vmbr1" },
      'guests.web.bridge: there is no bridge "vmbr1"; there are vmbr0; describe it in network.bridges, or choose another',
    ],
    [
      "is on the guest's home node",
      on(["pve01"], { "guests.web.bridge": "vmbr1" }),
      "guests.web.bridge: vmbr1 is not on pve02, where the guest is to run; add to network.bridges.vmbr1.nodes, or choose another bridge",
    ],
    [
      "is on every node where HA may start the guest",
      on(["pve01"], { "guests.ubuntu.bridge": "vmbr1" }),
      "guests.ubuntu.bridge: vmbr1 is not on pve02, where the guest may run; add to network.bridges.vmbr1.nodes, or choose another bridge",
    ],
    [
      "is described for each card of a VM",
      { "guests.ubuntu.networks": [{}, { bridge: "vmbr3", vlan: 5 }] },
      'guests.ubuntu.networks.1.bridge: there is no bridge "vmbr3"; there are vmbr0; describe it in network.bridges, or choose another',
    ],
  ]);

  it.each([
    [
      "the node that a strict guest keeps to",
      on(["pve01"], {
        "guests.ubuntu.bridge": "vmbr1",
        "guests.ubuntu.ha": { nodes: { pve01: 1 }, strict: true },
      }),
    ],
    ["the home node of a guest without HA", on(["pve02"], { "guests.web.bridge": "vmbr1" })],
  ])("is enough on %s", (_what, changes) => {
    expect(() => site(changes)).not.toThrow();
  });

  it("has a network of its own", () => {
    const changes = on(["pve02"], {
      "guests.web.bridge": "vmbr1",
      "guests.web.address": "10.9.0.5/24",
      "guests.web.gateway": "10.9.0.1",
    });
    expect(() => site(changes)).not.toThrow();
  });
});
