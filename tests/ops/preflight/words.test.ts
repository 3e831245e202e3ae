import { judge, type Situation } from "../../../ops/preflight/verdict";
import { describe as say, describeProblems } from "../../../ops/preflight/words";
import { reportOn } from "./support/reports";
import { built, fresh, situation } from "./support/situation";

const said = (now: Situation): string[] => say(now, judge(now)).split("\n");

describe("what an operator reads before a run", () => {
  it("is one line where all is built and well", () => {
    expect(said(situation())).toEqual([
      "preflight: pve01 and pve02 are members of mizar, nas is the witness; nothing to do on any host",
    ]);
  });

  it("is that line and the warnings where there are some", () => {
    const warning = { what: "slow link", remedy: "check the cable" };
    const reports = built(reportOn("nas", { state: "witness", warnings: [warning] }));
    expect(said(situation({ reports })).slice(1)).toEqual([
      "warning: nas: slow link",
      "  What to do: check the cable",
    ]);
  });

  it("is every host with what it is and what happens to it, where something does", () => {
    const reports = [
      reportOn("pve01", {
        state: "debian",
        will: ["install Proxmox VE 9", "reboot", "create cluster mizar"],
        checklist: ["AC power loss: on"],
      }),
      reportOn("pve02", { state: "installed", will: ["join cluster mizar"] }),
      reportOn("nas", { state: "witness" }),
    ];
    expect(said(fresh(reports))).toEqual([
      "pve01  192.168.18.251  Debian 13, bare, founder: will",
      "    - install Proxmox VE 9",
      "    - reboot",
      "    - create cluster mizar",
      "pve02  192.168.18.100  Proxmox VE 9, in no cluster: will join cluster mizar",
      "nas    192.168.18.200  witness: nothing to do",
      "Nobody can see from here whether:",
      "  [ ] pve01: AC power loss: on",
    ]);
  });

  it("tells a host that is away, one that cannot be used and one that is only looked at again", () => {
    const past = { missing: new Set<string>(), changed: new Set(["trust-pve01", "trust-nas"]) };
    const reports = [
      reportOn("pve01", { state: "member" }),
      reportOn("pve02", { state: "refused" }),
      reportOn("nas", { silent: "no answer within 8 s" }),
    ];
    expect(said(situation({ past, reports })).slice(0, 3)).toEqual([
      "pve01  192.168.18.251  member of mizar, founder: nothing to do, but 1 step looks again",
      "pve02  192.168.18.100  not usable: stays as it is; see below",
      "nas    192.168.18.200  no answer: steps unknown until up",
    ]);
  });

  it("lists problems, each with host and remedy", () => {
    const problem = { host: "pve01", what: "no VT", remedy: "enable VT in the BIOS" };
    expect(describeProblems("dev", [problem])).toBe(
      "Preflight of stack dev: 1 problem, and nothing has been changed.\n" +
        "  pve01: no VT\n    What to do: enable VT in the BIOS",
    );
    expect(describeProblems("dev", [problem, problem])).toContain("2 problems, and");
  });
});
