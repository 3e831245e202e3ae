import { RULES } from "../../../policy/catalogue";
import { InvalidSettings, readSettings, type Settings } from "../../../policy/settings/read";

/** Reads settings as the engine hands them over: a JSON mapping of keys to text. */
const read = (policies?: unknown, environment: NodeJS.ProcessEnv = {}): Settings =>
  readSettings(
    {
      PULUMI_STACK: "prod",
      PULUMI_CONFIG: JSON.stringify({
        "proxmox-ha:site": "{}",
        ...(policies === undefined ? {} : { "proxmox-ha:policies": JSON.stringify(policies) }),
      }),
      ...environment,
    },
    "2026-11-26",
  );

/** The lines with which settings are refused, without the first. */
function refusal(...args: Parameters<typeof read>): string[] {
  try {
    read(...args);
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidSettings);
    const [first, ...lines] = (error as InvalidSettings).message.split("\n");
    const count = lines.length === 1 ? "1 problem" : `${lines.length} problems`;
    expect(first).toBe(`The configuration of the policies has ${count} (Pulumi.prod.yaml):`);
    return lines.map((line) => line.replace(/^ {2}/, ""));
  }
  throw new Error("the settings are taken");
}

const DEFAULTS: Settings = {
  profile: "production",
  rules: {},
  exceptions: [],
  acceptedRisks: [],
  today: "2026-11-26",
  review: false,
};

const EXCEPTION = {
  rule: "require-guest-agent",
  resource: "win2016",
  reason: "installed in January",
  until: "2027-01-31",
};
const RISK = { rule: "require-second-link", reason: "one cable", review: "2027-11-26" };

describe("settings", () => {
  it("have their defaults where a stack says nothing, and where there is no stack", () => {
    expect(read()).toEqual(DEFAULTS);
    expect(read({})).toEqual(DEFAULTS);
    expect(readSettings({}, "2026-11-26")).toEqual(DEFAULTS);
  });

  it("are what the stack says, a rule's other settings at their defaults", () => {
    const clusters = [
      {
        clusterName: "mizar",
        nodes: [{ name: "pve01", address: "192.168.18.251", memory: 4026531840 }],
        witness: { name: "nas", address: "192.168.18.200" },
        qdevice: true,
      },
    ];
    expect(
      read({
        profile: "development",
        rules: {
          "require-second-link": "disabled",
          "require-failover-room": { level: "advisory", reserve: 2048 },
          "forbid-soft-nfs": "remediate",
          "require-common-cpu": { alike: [["pve01", "pve02"]] },
        },
        exceptions: [EXCEPTION],
        acceptedRisks: [RISK, { ...RISK, resource: "mizar" }],
        clusters,
      }),
    ).toEqual({
      ...DEFAULTS,
      profile: "development",
      rules: {
        "require-second-link": { level: "disabled" },
        "require-failover-room": { level: "advisory", reserve: 2048, balloonTag: "balloon" },
        "forbid-soft-nfs": { level: "remediate" },
        "require-common-cpu": { alike: [["pve01", "pve02"]], levels: {} },
      },
      exceptions: [EXCEPTION],
      acceptedRisks: [RISK, { ...RISK, resource: "mizar" }],
      clusters,
    });
  });

  it.each([
    ["1", true],
    ["true", true],
    ["0", false],
    ["", false],
  ])("are those of a pull request with %j in PROXMOX_HA_REVIEW: %s", (value, review) => {
    expect(read({}, { PROXMOX_HA_REVIEW: value }).review).toBe(review);
  });

  it("know of an emergency by its reason", () => {
    expect(read({}, { PROXMOX_HA_EMERGENCY: " pve02 burnt " }).emergency).toBe("pve02 burnt");
    expect(read()).not.toHaveProperty("emergency");
  });

  it.each(["", "  "])("are refused with %j as the reason of an emergency", (reason) => {
    expect(refusal({}, { PROXMOX_HA_EMERGENCY: reason })).toEqual([
      "PROXMOX_HA_EMERGENCY: empty; write the reason, or unset it",
    ]);
  });
});

const remediable = RULES.filter(({ remediation }) => remediation).map(({ name }) => name);

describe("settings are refused, with the place, what stands there and what to write:", () => {
  const P = "proxmox-ha:policies";
  const rule = (name: string, value: unknown): object => ({ rules: { [name]: value } });
  const exception = (changes: object): object => ({ exceptions: [{ ...EXCEPTION, ...changes }] });

  it.each<[string, unknown, string]>([
    ["text", "production", `${P}: "production"; write a mapping, as in { name: value }`],
    ["a list", [], `${P}: a list; write a mapping, as in { name: value }`],
    ["nothing", null, `${P}: empty; write a mapping, as in { name: value }`],
    ["an unknown key", { profil: 1 }, `${P}.profil: nothing has this name; did you mean profile?`],
    [
      "an unknown profile",
      { profile: "prod" },
      `${P}.profile: "prod"; write one of production, development`,
    ],
    [
      "an unknown rule",
      rule("require-second-lnk", "disabled"),
      `${P}.rules.require-second-lnk: nothing has this name; did you mean require-second-link?`,
    ],
    [
      "an unknown level",
      rule("require-second-link", "strict"),
      `${P}.rules.require-second-link: "strict"; write one of disabled, advisory, mandatory`,
    ],
    [
      "an unknown level beside settings",
      rule("forbid-soft-nfs", { level: "warn" }),
      `${P}.rules.forbid-soft-nfs.level: "warn"; write one of disabled, advisory, mandatory, remediate`,
    ],
    [
      "a list for a level",
      rule("forbid-soft-nfs", ["advisory"]),
      `${P}.rules.forbid-soft-nfs: a list; write one of disabled, advisory, mandatory, remediate`,
    ],
    [
      "a remedy that there is not",
      rule("require-verified-tls", "remediate"),
      `${P}.rules.require-verified-tls: "remediate"; there is no remedy that is safe, write mandatory. ` +
        `Rules with one: ${remediable.join(", ")}`,
    ],
    [
      "an unknown setting",
      rule("require-failover-room", { reserv: 1 }),
      `${P}.rules.require-failover-room.reserv: nothing has this name; did you mean reserve?`,
    ],
    [
      "a setting of a rule that has none",
      rule("forbid-soft-nfs", { reserve: 1 }),
      `${P}.rules.forbid-soft-nfs.reserve: nothing has this name; did you mean level?`,
    ],
    [
      "a number in quotes",
      rule("require-failover-room", { reserve: "2048" }),
      `${P}.rules.require-failover-room.reserve: "2048"; write it without quotes: 2048`,
    ],
    [
      "text for a number",
      rule("require-failover-room", { reserve: "much" }),
      `${P}.rules.require-failover-room.reserve: "much"; write a number`,
    ],
    [
      "a number too small",
      rule("require-failover-room", { reserve: -1 }),
      `${P}.rules.require-failover-room.reserve: -1; write 0 or more`,
    ],
    [
      "a number for text",
      rule("require-failover-room", { balloonTag: 3 }),
      `${P}.rules.require-failover-room.balloonTag: 3; write text`,
    ],
    [
      "text for a list",
      rule("require-second-link", { redundant: "mizar" }),
      `${P}.rules.require-second-link.redundant: "mizar"; write a list, as in [one, two]`,
    ],
    [
      "something else deep in a setting",
      rule("require-common-cpu", { alike: [["pve01", 2]] }),
      `${P}.rules.require-common-cpu.alike[0][1]: 2; write text`,
    ],
    [
      "an exception for an unknown rule",
      exception({ rule: "require-guest-agents" }),
      `${P}.exceptions[0].rule: "require-guest-agents"; did you mean require-guest-agent?`,
    ],
    [
      "an exception for every resource",
      exception({ resource: undefined }),
      `${P}.exceptions[0].resource: missing; write text`,
    ],
    [
      "an exception without a word",
      exception({ reason: " " }),
      `${P}.exceptions[0].reason: " "; write some words`,
    ],
    [
      "an exception for ever",
      exception({ until: undefined }),
      `${P}.exceptions[0].until: missing; write a date in quotes, as in "2026-12-31"`,
    ],
    [
      "a day that there is not",
      exception({ until: "2027-02-29" }),
      `${P}.exceptions[0].until: "2027-02-29"; write a date in quotes, as in "2026-12-31"`,
    ],
    [
      // What Pulumi makes of a date without quotes.
      "a point in time",
      exception({ until: "2027-01-31 00:00:00 +0000 UTC" }),
      `${P}.exceptions[0].until: "2027-01-31 00:00:00 +0000 UTC"; write a date in quotes, as in "2026-12-31"`,
    ],
    [
      "an exception's key in a risk",
      { acceptedRisks: [{ ...RISK, until: "2027-01-31" }] },
      `${P}.acceptedRisks[0].until: nothing has this name; did you mean rule?`,
    ],
    [
      "a mapping for a list",
      { acceptedRisks: { rule: "x" } },
      `${P}.acceptedRisks: a mapping; write a list, as in [one, two]`,
    ],
    [
      "a node without address",
      { clusters: [{ clusterName: "mizar", nodes: [{ name: "pve01" }] }] },
      `${P}.clusters[0].nodes[0].address: missing; write text`,
    ],
    [
      "an unknown key of a node",
      { clusters: [{ clusterName: "a", nodes: [{ name: "b", address: "c", memroy: 1 }] }] },
      `${P}.clusters[0].nodes[0].memroy: nothing has this name; did you mean memory?`,
    ],
  ])("%s", (_what, policies, line) => {
    expect(refusal(policies)).toEqual([line]);
  });

  it("what is no JSON, as a text, cut where it is long", () => {
    const config = { "proxmox-ha:policies": "x".repeat(80) };
    expect(refusal({}, { PULUMI_CONFIG: JSON.stringify(config) })).toEqual([
      `${P}: "${"x".repeat(59)}…; write a mapping, as in { name: value }`,
    ]);
  });

  it("every mistake at once", () => {
    const policies = {
      ...rule("require-failover-room", { reserv: 1, reserve: -1 }),
      ...exception({ until: "soon", resource: "" }),
    };
    expect(
      refusal(policies, { PROXMOX_HA_EMERGENCY: "" }).map((line) =>
        line.split(":").slice(0, 2).join(":"),
      ),
    ).toEqual([
      `${P}.rules.require-failover-room.reserve`,
      `${P}.rules.require-failover-room.reserv`,
      `${P}.exceptions[0].resource`,
      `${P}.exceptions[0].until`,
      "PROXMOX_HA_EMERGENCY: empty; write the reason, or unset it",
    ]);
  });
});
