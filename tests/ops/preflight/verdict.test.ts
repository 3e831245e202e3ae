import type { HostReport } from "../../../ops/preflight/host";
import { judge, type Situation, type Told } from "../../../ops/preflight/verdict";
import { reportOn } from "./support/reports";
import { built, fresh, namesOf, situation } from "./support/situation";

const said = (told: Told[]): string[] => told.map(({ host, what }) => `${host}: ${what}`);
const problemsOf = (now: Situation): string[] => said(judge(now).problems);
const NO_VT = { what: "no VT", remedy: "enable VT in the BIOS" };
const OFF = "no answer within 8 s";
const silent = (name: string, reason = OFF): HostReport => reportOn(name, { silent: reason });

describe("a built site", () => {
  it("on which all is well has nothing to tell", () => {
    expect(judge(situation())).toEqual({ problems: [], warnings: [], checklist: [] });
  });

  it("is stopped by nothing that would only be in the way of building it", () => {
    const reports = built(reportOn("pve02", { state: "member", problems: [NO_VT] }));
    expect(judge(situation({ reports }))).toMatchObject({
      problems: [],
      warnings: [{ host: "pve02", ...NO_VT }],
    });
  });

  it.each(["pve01", "pve02", "nas"])(
    "goes on without %s, on which nothing is to be done",
    (host) => {
      const { problems, warnings } = judge(situation({ reports: built(silent(host)) }));
      expect(problems).toEqual([]);
      expect(said(warnings)).toEqual([
        expect.stringMatching(
          new RegExp(
            `^${host}: it cannot be looked at \\(192\\.168\\.18\\.\\d+\\): ${OFF}\\. Nothing is to be done there, so the run goes on`,
          ),
        ),
      ]);
    },
  );

  it("tells which steps an update would stop at on a host that is away", () => {
    const past = { missing: new Set<string>(), changed: new Set(["trust-pve02"]) };
    const { problems, warnings } = judge(situation({ past, reports: built(silent("pve02")) }));
    expect(problems).toEqual([]);
    expect(warnings[0]?.what).toContain(
      "Its steps are unknown until up: trust-pve02 would run there again, and an update stops at them as long as it is away",
    );
  });

  it("of which no node answers stops the run", () => {
    const reports = built(silent("pve01"), silent("pve02"));
    expect(judge(situation({ reports })).problems.map(({ host }) => host)).toEqual([
      "pve01",
      "pve02",
    ]);
  });

  it("stops the run where a host shows another key than the pinned one", () => {
    const reports = built(silent("pve02", "its host key is not the pinned one"));
    const [problem] = judge(situation({ reports })).problems;
    expect(problem?.host).toBe("pve02");
    expect(problem?.remedy).toContain(
      "ssh-keygen -R 192.168.18.100 -f /root/.ssh/known_hosts; ssh-keyscan -t ed25519 192.168.18.100 >> /root/.ssh/known_hosts",
    );
  });

  it("stops the run where a node has become something else", () => {
    const problem = {
      what: "this node is in cluster other, not in mizar",
      remedy: "install it anew",
    };
    const reports = built(reportOn("pve02", { state: "refused", problems: [problem] }));
    expect(problemsOf(situation({ reports }))).toEqual([`pve02: ${problem.what}`]);
  });

  it.each(["debian", "installed"])(
    "stops the run where a member is gone: it is %s now",
    (state) => {
      const reports = built(reportOn("pve02", { state }));
      const [problem, ...more] = judge(situation({ reports })).problems;
      expect(more).toEqual([]);
      expect(problem?.what).toBe(
        "the state of stack dev says that it has joined cluster mizar, but it is in no cluster: it was installed anew or taken out",
      );
      expect(problem?.remedy).toContain("npm run -s ops -- node remove pve02 --stack dev");
    },
  );

  it("names the command for a member that the site file does not name, once", () => {
    const members = { pve01: true, pve02: true, pve03: false };
    const identity = { machine: "", boot: "", members };
    const reports = built(
      reportOn("pve01", { state: "member", identity }),
      reportOn("pve02", { state: "member", identity }),
    );
    expect(judge(situation({ reports })).problems).toEqual([
      {
        host: "pve03",
        what: "it is a member of cluster mizar, but Pulumi.dev.yaml does not name it",
        remedy:
          "put it back there; or switch it off for good and take it out of the cluster: npm run -s ops -- node remove pve03 --stack dev",
      },
    ]);
  });
});

describe("a site that is to be built", () => {
  const bare = (name: string, found: Partial<HostReport> = {}): HostReport =>
    reportOn(name, { state: "debian", will: ["install Proxmox VE 9"], ...found });

  it("tells all problems of all hosts at once, then warnings and what nobody can see", () => {
    const warning = { what: "slow link", remedy: "check the cable" };
    const checklist = ["AC power loss: on"];
    const reports = [
      bare("pve01", { problems: [NO_VT], warnings: [warning], checklist }),
      bare("pve02", { problems: [NO_VT, { what: "no space", remedy: "make room" }] }),
      reportOn("nas", { state: "witness", checklist }),
    ];
    expect(judge(fresh(reports))).toEqual({
      problems: [
        { host: "pve01", ...NO_VT },
        { host: "pve02", ...NO_VT },
        { host: "pve02", what: "no space", remedy: "make room" },
      ],
      warnings: [{ host: "pve01", ...warning }],
      checklist: [
        { host: "pve01", what: "AC power loss: on" },
        { host: "nas", what: "AC power loss: on" },
      ],
    });
  });

  it.each(["pve01", "pve02", "nas"])("needs %s", (host) => {
    const reports = [bare("pve01"), bare("pve02"), reportOn("nas", { state: "witness" })].map(
      (report) => (report.name === host ? silent(host) : report),
    );
    expect(problemsOf(fresh(reports))).toEqual([
      expect.stringMatching(
        new RegExp(`^${host}: .* Its steps are unknown until up, and up cannot do without them$`),
      ),
    ]);
  });

  it("compares its hosts", () => {
    const at = (least: number) => ({ machine: "", boot: "", clock: { least, most: least + 10 } });
    const reports = [
      bare("pve01", { identity: at(0) }),
      bare("pve02", { identity: at(60_000) }),
      reportOn("nas", { state: "witness", identity: at(5) }),
    ];
    expect(problemsOf(fresh(reports))).toEqual([
      "pve02: its clock is at least 60.0 s ahead of that of nas; one second is allowed",
    ]);
  });

  it("takes members that are there already as they are", () => {
    expect(problemsOf(fresh(built()))).toEqual([]);
  });
});

describe("a site that gets another node", () => {
  const THIRD = { "nodes.pve03": { address: "192.168.18.30", cpus: 4, memory: "8 GiB" } };
  const grown = (changed: string[], ...reports: HostReport[]): Situation => {
    const now = situation({ reports }, THIRD);
    return {
      ...now,
      past: { missing: new Set(namesOf(now.steps, "pve03")), changed: new Set(changed) },
    };
  };
  const third = reportOn("pve03", { state: "installed", will: ["join cluster mizar"] });

  it("needs the members on which something is to be done", () => {
    expect(problemsOf(grown(["trust-pve02"], ...built(silent("pve02")), third))).toHaveLength(1);
    expect(problemsOf(grown([], ...built(silent("pve02")), third))).toEqual([]);
  });

  it("does not take the new one for a member that was lost", () => {
    expect(problemsOf(grown([], ...built(), third))).toEqual([]);
  });
});

describe("the remedy for a host that cannot be looked at", () => {
  const remedy = (reason: string, lab = false): string => {
    const { problems, warnings } = judge(
      situation({ lab, reports: built(silent("pve02", reason)) }),
    );
    return [...problems, ...warnings][0]?.remedy ?? "";
  };

  it.each([
    [
      "it does not let root in with the key /k",
      /authorized_keys .* sshd -T \| grep -i permitrootlogin$/,
    ],
    [
      "the SSH key cannot be read (ENOENT); correct proxmox-ha:ssh.keyFile",
      /docs\/configuration\.md/,
    ],
    ["connect ECONNREFUSED 192.168.18.100:22", /switch it on .* systemctl status ssh$/],
    [OFF, /switch it on/],
  ])("fits the reason: %s", (reason, words) => {
    expect(remedy(reason)).toMatch(words);
  });

  it("is the lab's switch on a lab", () => {
    expect(remedy(OFF, true)).toContain("npm run -s lab -- power pve02 on");
    expect(remedy("its host key is not the pinned one", true)).toBe(
      "the lab writes its keys down when it starts: npm run -s lab -- stop, then npm run -s lab -- start",
    );
  });
});
