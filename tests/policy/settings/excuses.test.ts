import { Excuses } from "../../../policy/settings/excuses";

const AGENT = "require-guest-agent";
const LINK = "require-second-link";
const VM = "urn:pulumi:prod::proxmox-ha::proxmox-ha:guest:VirtualMachine$vm::win2016";
const CLUSTER = "urn:pulumi:prod::proxmox-ha::proxmox-ha:cluster:Cluster::mizar";

const EXCEPTION = {
  rule: AGENT,
  resource: "win2016",
  reason: "installed in January",
  until: "2027-01-31",
};
const RISK = { rule: LINK, reason: "one cable", review: "2027-11-26" };

type Given = ConstructorParameters<typeof Excuses>[0];

const excuses = (given: Partial<Given>): Excuses => {
  const made = new Excuses({
    exceptions: [],
    acceptedRisks: [],
    review: false,
    today: "2026-11-26",
    ...given,
  });
  made.judged(AGENT);
  made.judged(LINK);
  return made;
};

describe("an exception", () => {
  it("is for its rule and its resource alone", () => {
    const one = excuses({ exceptions: [EXCEPTION] });
    expect(one.excuse(AGENT, VM)).toBe(true);
    expect(one.excuse(LINK, VM)).toBe(false);
    expect(one.excuse(AGENT, `${VM}-old`)).toBe(false);
    expect(one.excuse(AGENT, CLUSTER)).toBe(false);
  });

  it("is told with its day and its reason", () => {
    const one = excuses({ exceptions: [EXCEPTION] });
    one.excuse(AGENT, VM);
    one.excuse(AGENT, VM);
    expect(one.report()).toBe(
      "excused:\n- require-guest-agent of win2016, until 2027-01-31: installed in January",
    );
  });

  it("is for a resource whose name has colons", () => {
    const one = excuses({ exceptions: [{ ...EXCEPTION, resource: "a::b" }] });
    expect(one.excuse(AGENT, "urn:pulumi:prod::web::vm::a::b")).toBe(true);
  });

  it.each([false, true])("holds on its last day, in a pull request or not (%s)", (review) => {
    const one = excuses({ exceptions: [EXCEPTION], today: "2027-01-31", review });
    expect(one.excuse(AGENT, VM)).toBe(true);
    expect(one.report()).not.toContain("to do");
  });

  it("that has ended excuses an update still, and says so", () => {
    const one = excuses({ exceptions: [EXCEPTION], today: "2027-02-01" });
    expect(one.excuse(AGENT, VM)).toBe(true);
    expect(one.report()).toBe(
      [
        "to do:",
        "- require-guest-agent of win2016 was excused until 2027-01-31: repair it, or set " +
          "proxmox-ha:policies.exceptions[0].until. It stops pull requests; here it is still excused.",
        "excused:",
        "- require-guest-agent of win2016, until 2027-01-31: installed in January",
      ].join("\n"),
    );
  });

  it("that has ended excuses no pull request", () => {
    const one = excuses({ exceptions: [EXCEPTION], today: "2027-02-01", review: true });
    expect(one.excuse(AGENT, VM)).toBe(false);
    expect(one.report()).toBe(
      "to do:\n- require-guest-agent of win2016 was excused until 2027-01-31: repair it, or set " +
        "proxmox-ha:policies.exceptions[0].until.",
    );
  });

  it("that has ended leaves others of the same resource in force", () => {
    const exceptions = [EXCEPTION, { ...EXCEPTION, until: "2027-06-30" }];
    const one = excuses({ exceptions, today: "2027-02-01", review: true });
    expect(one.excuse(AGENT, VM)).toBe(true);
  });

  it("that excuses nothing is to be taken out, ended or not", () => {
    for (const today of ["2026-11-26", "2027-02-01"]) {
      const one = excuses({ exceptions: [EXCEPTION], today });
      expect(one.report()).toBe(
        "to do:\n- require-guest-agent of win2016 is followed now, so there is nothing to excuse: " +
          "take proxmox-ha:policies.exceptions[0] out.",
      );
    }
  });

  it("for a rule that is not asked is to be taken out as well", () => {
    const exceptions = [EXCEPTION, { ...EXCEPTION, rule: "forbid-soft-nfs" }];
    const one = excuses({ exceptions });
    one.excuse(AGENT, VM);
    expect(one.report()).toContain(
      "- forbid-soft-nfs of win2016 is disabled, so there is nothing to excuse: " +
        "take proxmox-ha:policies.exceptions[1] out.",
    );
  });
});

describe("an accepted risk", () => {
  it("without resource is for all that the rule names", () => {
    const one = excuses({ acceptedRisks: [RISK] });
    expect(one.excuse(LINK, CLUSTER)).toBe(true);
    expect(one.excuse(LINK, VM)).toBe(true);
    expect(one.excuse(AGENT, VM)).toBe(false);
    expect(one.report()).toBe(
      "excused:\n- require-second-link, accepted, to be reviewed on 2027-11-26: one cable",
    );
  });

  it("with a resource is for that alone", () => {
    const one = excuses({ acceptedRisks: [{ ...RISK, resource: "mizar" }] });
    expect(one.excuse(LINK, CLUSTER)).toBe(true);
    expect(one.excuse(LINK, VM)).toBe(false);
  });

  it.each([false, true])("excuses after its day too, and asks for a review (%s)", (review) => {
    const one = excuses({ acceptedRisks: [RISK], today: "2027-11-27", review });
    expect(one.excuse(LINK, CLUSTER)).toBe(true);
    expect(one.report()).toBe(
      [
        "to do:",
        "- require-second-link was to be reviewed on 2027-11-26: review it, then set " +
          "proxmox-ha:policies.acceptedRisks[0].review.",
        "excused:",
        "- require-second-link, accepted, to be reviewed on 2027-11-26: one cable",
      ].join("\n"),
    );
  });

  it("that is none any more is to be taken out", () => {
    expect(excuses({ acceptedRisks: [{ ...RISK, resource: "mizar" }] }).report()).toBe(
      "to do:\n- require-second-link of mizar is followed now, so there is nothing to excuse: " +
        "take proxmox-ha:policies.acceptedRisks[0] out.",
    );
  });
});

describe("an emergency", () => {
  it("is told first, with its reason", () => {
    expect(excuses({ emergency: "pve02 burnt" }).report()).toBe(
      "EMERGENCY, no rule stops this run: pve02 burnt",
    );
    const one = excuses({ emergency: "pve02 burnt", acceptedRisks: [RISK] });
    one.excuse(LINK, CLUSTER);
    expect(one.report()?.split("\n")[0]).toBe("EMERGENCY, no rule stops this run: pve02 burnt");
  });

  it("apart there is nothing to tell where nothing is excused", () => {
    expect(excuses({}).report()).toBeUndefined();
  });
});
