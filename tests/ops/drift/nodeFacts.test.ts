import { planCluster } from "../../../components/cluster/plan";
import {
  clusterDrift,
  type NodeFacts,
  readNodeFacts,
  SEPARATOR,
} from "../../../ops/drift/nodeFacts";
import { type Changes, site } from "../../components/support/site";

const STATUS = `Quorum information
------------------
Nodes:            2
Node ID:          0x00000001
Quorate:          Yes

Votequorum information
----------------------
Expected votes:   3
Highest expected: 3
Total votes:      3
Quorum:           2
Flags:            Quorate Qdevice

Membership information
----------------------
    Nodeid      Votes    Qdevice Name
0x00000001          1    A,V,NMW 192.168.18.251 (local)
0x00000002          1    A,V,NMW 192.168.18.100
0x00000000          1            Qdevice
`;
const ALONE = `Nodeid      Votes Name
0x00000001          1 192.168.18.251 (local)
0x0000000a          1 192.168.18.100
`;
const TOOL = "QNetd host:\t\t192.168.18.200:5403\nState:\t\t\tConnected\n";
const DEFAULTS = "# select watchdog module (default is softdog)\n#WATCHDOG_MODULE=ipmi_watchdog\n";

const printed = (...parts: string[]): string => parts.join(`${SEPARATOR}\n`);
const usual = (changes: Partial<Record<"status" | "tool" | "defaults" | "modules", string>> = {}) =>
  printed(
    changes.status ?? STATUS,
    changes.tool ?? TOOL,
    "active\n",
    "Software Watchdog\n",
    changes.defaults ?? DEFAULTS,
    changes.modules ?? "Module  Size  Used by\nsoftdog 16384 1\n",
  );

describe("what a node prints", () => {
  it("tells votes, members, QDevice and watchdog", () => {
    expect(readNodeFacts("pve01", usual())).toEqual({
      name: "pve01",
      quorate: true,
      votes: 3,
      expectedVotes: 3,
      members: ["192.168.18.251", "192.168.18.100"],
      qdevice: { host: "192.168.18.200", connected: true },
      watchdog: {
        active: true,
        identity: "Software Watchdog",
        configured: "softdog",
        modules: ["Module", "softdog", ""],
      },
    });
  });

  it("tells members of a cluster without a QDevice", () => {
    const facts = readNodeFacts(
      "pve01",
      usual({ status: ALONE, tool: "Can't connect to QDevice socket\n" }),
    );
    expect(facts.members).toEqual(["192.168.18.251", "192.168.18.100"]);
    expect(facts.qdevice).toBeUndefined();
    expect(facts.quorate).toBe(false);
  });

  it("tells a QDevice that is not connected and a watchdog's own module", () => {
    const facts = readNodeFacts(
      "pve01",
      usual({
        tool: TOOL.replace("Connected", "Connect failed"),
        defaults: 'WATCHDOG_MODULE="iTCO_wdt"\n',
      }),
    );
    expect(facts.qdevice).toEqual({ host: "192.168.18.200", connected: false });
    expect(facts.watchdog.configured).toBe("iTCO_wdt");
  });

  it("is nothing at all on a host without Proxmox VE", () => {
    expect(readNodeFacts("pve01", "")).toMatchObject({ quorate: false, votes: 0, members: [] });
  });
});

const drift = (change: Partial<NodeFacts>, siteChanges: Changes = {}) => {
  const both = ["pve01", "pve02"].map((name) => ({
    ...readNodeFacts(name, usual()),
    ...change,
    name,
  }));
  return clusterDrift(planCluster(site(siteChanges)), both, "prod");
};
const words = (change: Partial<NodeFacts>, siteChanges: Changes = {}): string[] =>
  drift(change, siteChanges).map(({ what }) => what);
const watchdog = (change: Partial<NodeFacts["watchdog"]>): Partial<NodeFacts> => ({
  watchdog: { ...readNodeFacts("", usual()).watchdog, ...change },
});

describe("drift of the cluster", () => {
  it("is none where it is as planned", () => {
    expect(drift({})).toEqual([]);
  });

  it("without a QDevice is told once for all nodes, with the command that sets it up again", () => {
    expect(drift({ qdevice: undefined, expectedVotes: 2, votes: 2 })).toEqual([
      {
        kind: "cluster",
        resource: "node/pve01, node/pve02",
        what: "there is no QDevice, and nas is to be the witness",
        remedy:
          "set it up again: pulumi up --stack prod --replace '**::trust-nas' --replace '**::qdevice'",
      },
    ]);
  });

  it.each<[string, Partial<NodeFacts>, Changes, string]>([
    [
      "a QDevice that is not connected",
      { qdevice: { host: "192.168.18.200", connected: false } },
      {},
      "the QDevice is not connected to nas (192.168.18.200)",
    ],
    [
      "another witness",
      { qdevice: { host: "192.168.18.9", connected: true } },
      {},
      "the QDevice asks 192.168.18.9, and the witness is nas (192.168.18.200)",
    ],
    [
      "a QDevice that nobody describes",
      {},
      { "cluster.witness": undefined },
      "a QDevice with 192.168.18.200 is set up, and cluster mizar is described without one",
    ],
    ["no quorum", { quorate: false, votes: 1 }, {}, "no quorum: 1 of 3 votes are seen"],
    [
      "a member that is away",
      { members: ["192.168.18.251"] },
      {},
      "pve02 is not seen in the cluster",
    ],
    [
      "votes that nobody planned",
      { expectedVotes: 4 },
      {},
      "4 votes are counted when everything is up, and 3 are planned",
    ],
    [
      "no watchdog",
      watchdog({ active: false }),
      {},
      "watchdog-mux does not run: nothing resets the node when it hangs",
    ],
    [
      "another watchdog",
      watchdog({ configured: "iTCO_wdt" }),
      {},
      "the watchdog is set to iTCO_wdt, and described as softdog",
    ],
    [
      "a watchdog that is not there",
      watchdog({ identity: "" }),
      {},
      "the watchdog softdog is not in use",
    ],
  ])("with %s is told", (_, change, siteChanges, expected) => {
    expect(words(change, siteChanges)).toEqual([expected]);
  });

  it("is none where the site has no witness and no QDevice", () => {
    const change = { qdevice: undefined, expectedVotes: 2 };
    expect(drift(change, { "cluster.witness": undefined })).toEqual([]);
  });

  it("with a machine's own watchdog is none only while softdog is not loaded", () => {
    const own = { "nodes.pve01.watchdog": "iTCO_wdt", "nodes.pve02.watchdog": "iTCO_wdt" };
    const set = { configured: "iTCO_wdt" };
    expect(words(watchdog({ ...set, modules: ["iTCO_wdt"] }), own)).toEqual([]);
    expect(words(watchdog({ ...set, modules: ["iTCO_wdt", "softdog"] }), own)).toEqual([
      "the watchdog iTCO_wdt is not in use, but Software Watchdog",
    ]);
  });
});
