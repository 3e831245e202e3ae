import { refuses } from "../support/broken";
import { site } from "../support/site";
import { planGuests } from "../../../components/guest/plan";

const MOUNT = { storage: "Data", size: "4 GiB", path: "/srv" };

describe("a container is refused", () => {
  refuses([
    [
      "a directory of the node as a mount point",
      { "guests.web.mounts": { mp0: { ...MOUNT, storage: "/srv/data" } } },
      'guests.web.mounts.mp0.storage: "/srv/data"; Proxmox VE lets root@pam alone mount a directory or device of the node: ' +
        "the container could read and write what is the node's. Name a storage",
    ],
    [
      "mount points with a gap",
      { "guests.web.mounts": { mp0: MOUNT, mp2: MOUNT } },
      "guests.web.mounts: a mapping; number mounts from mp0 on, without a gap",
    ],
    [
      "a mount point of no slot",
      { "guests.web.mounts": { srv: MOUNT } },
      "guests.web.mounts.srv: this name cannot be used; name mounts mp0 to mp255",
    ],
    [
      "a path that is none",
      { "guests.web.mounts": { mp0: { ...MOUNT, path: "/srv/../etc" } } },
      'guests.web.mounts.mp0.path: "/srv/../etc"; write a directory of the container, as in /srv',
    ],
    [
      "cards in two places",
      { "guests.web.networks": [{}], "guests.web.address": "192.168.18.30/24" },
      'guests.web.address: "192.168.18.30/24"; networks describes the cards; write it there',
    ],
    [
      "features of a privileged one",
      { "guests.web.unprivileged": false, "guests.web.features": { nesting: true } },
      "guests.web.features: a mapping; Proxmox VE lets root@pam alone set features of a privileged container; take one of the two out",
    ],
    [
      "names without servers and domain",
      { "guests.web.dns": {} },
      "guests.web.dns: an empty mapping; name servers, domain, or both",
    ],
    [
      "an IPv6 address without prefix",
      { "guests.web.networks": [{ address6: "fd00::30" }] },
      'guests.web.networks.0.address6: "fd00::30"; write dhcp, auto, or an address with prefix, as in fd00::30/64',
    ],
    [
      "the MAC address of many cards",
      { "guests.web.networks": [{ mac: "01:24:11:00:00:01" }] },
      'guests.web.networks.0.mac: "01:24:11:00:00:01"; write the address of one card, as in BC:24:11:00:00:01',
    ],
  ]);
});

describe("a container's distribution", () => {
  const osOf = (changes: Record<string, unknown>) => {
    const plan = planGuests(site(changes), { protect: false, today: "2026-11-23" }).find(
      ({ key }) => key === "web",
    );
    return plan?.type === "container" ? plan.osType : undefined;
  };

  it.each([
    [{ "guests.web.template": "alpine-3.22-default_20250617_amd64.tar.xz" }, "alpine"],
    [{ "guests.web.template": "own-web_1_amd64.tar.zst" }, "unmanaged"],
    [{ "guests.web.template": "own-web_1_amd64.tar.zst", "guests.web.os": "debian" }, "debian"],
  ])("of %j is %s", (changes, osType) => {
    expect(osOf(changes)).toBe(osType);
  });
});
