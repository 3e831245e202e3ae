import type { Report } from "../../../ops/report/model";
import type { EngineEvent } from "../../../ops/report/events";
import { page } from "../../../ops/report/html/page";
import { markdown } from "../../../ops/report/markdown";
import { readState } from "../../../ops/report/read";
import { reportOf } from "../../../ops/report/facts";
import { settingsIn } from "../../../ops/report/settings";
import {
  endingInWords,
  failureInWords,
  gradeOf,
  headline,
  realChanges,
  roomRows,
  votesInWords,
} from "../../../ops/report/words";
import { requireFailoverRoom } from "../../../policy/rules/requireFailoverRoom";
import { requireRecoveryPoint } from "../../../policy/rules/requireRecoveryPoint";
import { configured } from "../../../policy/rules/rule";
import { ENDED, eventsOf, fixture, reportFrom, step, urn, VM } from "./support/reports";

const marked = (report: Report): string[] => {
  const { clusters, storages, guests, jobs } = report;
  const voters = clusters.flatMap(({ nodes, witness }) => [
    ...nodes,
    ...(witness ? [witness] : []),
  ]);
  return [...voters, ...storages, ...guests, ...jobs].flatMap(({ name, mark }) =>
    mark ? [`${name} ${mark}`] : [],
  );
};

const endings = (report: Report): string[] => {
  const told = report.clusters[0]?.endings;
  if (!told || "until" in told) return [told?.until ?? "no cluster"];
  return told.value.endings.map((one) =>
    [
      failureInWords(one.failure),
      gradeOf(one),
      votesInWords(one, told.value),
      endingInWords(one),
    ].join(" | "),
  );
};

const rooms = (report: Report): string[] => {
  const told = report.clusters[0]?.rooms;
  if (!told || "until" in told) return [told?.until ?? "no cluster"];
  return roomRows(told.value, 3).map(
    ({ lost, node, fits, room, need }) => `${lost}: ${node} ${need} of ${room} ${fits}`,
  );
};

describe("the witness taken out", () => {
  const report = fixture("witness-removed");

  it("is refused, and what it costs is told", () => {
    expect(headline(report)).toEqual({
      good: false,
      text: "The policies refuse this change: 2 violations of require-majority-after-node-loss.",
    });
    expect(endings(report)[1]).toBe(
      "pve02 is lost | outage | pve01: 1 of 2 votes, too few | " +
        "pve01 resets itself. win2016, ubuntu, web are down until it is back. " +
        "No node has a majority: nothing can be changed or started until it is back.",
    );
  });

  it("is the one thing that is marked, as it was", () => {
    expect(marked(report)).toEqual(["nas delete"]);
    expect(report.clusters[0]?.witness?.address).toBe("192.168.18.200");
  });
});

describe("guests that change", () => {
  const report = fixture("guests-changed");

  it("are marked, with what else changes", () => {
    expect(marked(report).sort()).toEqual(["mail create", "nightly update", "win2016 update"]);
  });

  it("are counted as the resources in the cluster that they are", () => {
    const changes = realChanges(report.plan!).map(({ name, operation }) => `${operation} ${name}`);
    expect(changes.sort()).toEqual([
      "create HA resource mail",
      "create VM mail",
      "update VM win2016",
      "update backup job nightly",
    ]);
    expect(report.plan?.unchanged).toBe(42);
  });

  it("are put on the node that is left, as the rule does", () => {
    expect(rooms(report)).toEqual([
      "pve01: pve02 4.54 GiB of 14.59 GiB true",
      "pve02: pve01 4.29 GiB of 2.75 GiB false",
      "pve02: nowhere 0.25 GiB of – true",
    ]);
  });

  it("have their backups told", () => {
    expect(report.guests.find(({ name }) => name === "win2016")?.backup).toEqual({
      ...{ jobs: "nightly", gap: "24 hours", objective: "24 hours", good: true },
      kept: "17 (daily 7, last 3, monthly 3, weekly 4)",
    });
  });

  it("leave the ways in which single failures end as they are", () => {
    expect(endings(report).map((line) => line.split(" | ").slice(0, 2).join(": "))).toEqual([
      "pve01 is lost: recovers",
      "pve02 is lost: outage",
      "the witness nas stops voting: holds",
      "nas is lost: Data and the witness: outage",
      "the switch is lost: outage",
      "a cable of pve01 is pulled: recovers",
      "a cable of pve02 is pulled: outage",
    ]);
  });
});

it("a storage that is replaced is marked, and comes before the steps on hosts", () => {
  const report = fixture("storage-replaced");
  expect(marked(report)).toEqual(["Backup replace"]);
  expect(realChanges(report.plan!).map(({ name }) => name)).toEqual([
    "storage Backup",
    "step exports-pve01",
    "step exports-pve02",
  ]);
});

it("a new site has everything to create, and a verdict although its provider is unknown", () => {
  const report = fixture("new-site");
  expect(headline(report).text).toBe("The policies let this change pass, with 5 pieces of advice.");
  expect(
    marked(report)
      .filter((line) => line.endsWith(" create"))
      .sort(),
  ).toEqual(
    ["Backup", "Data", "nas", "nightly", "pve01", "pve02", "ubuntu", "web", "win2016"].map(
      (name) => `${name} create`,
    ),
  );
});

it("a deleted guest is told as it was, with its HA resource as a part of it", () => {
  const vm = { vmId: 100, nodeName: "pve02", memory: { dedicated: 2048 } };
  const gone = reportFrom([step({ op: "delete", old: vm }), ENDED]);
  expect(gone.guests).toMatchObject([{ name: "win2016", vmid: "100", mark: "delete" }]);
  const resource = { resourceId: "vm:100", state: "started" };
  const type = "proxmoxve:index/haresource:Haresource";
  const joined = reportFrom([
    step({ op: "same", old: vm, now: vm }),
    step({ op: "create", type, now: resource }),
    ENDED,
  ]);
  expect(joined.guests).toMatchObject([{ name: "win2016", ha: "started", mark: "update" }]);
});

it("what is unknown is said to be, and keeps the arithmetic from being told", () => {
  const memory = { dedicated: "3eeb2bf0-c639-47a8-9e75-3b44932eb421" };
  const vm = { vmId: 105, nodeName: "pve02", memory, disks: [] };
  const report = reportFrom([
    ...eventsOf("guests-changed"),
    step({ op: "create", name: "late", now: vm }),
  ]);
  expect(report.guests.find(({ name }) => name === "late")?.memory).toBe("known after the update");
  expect(rooms(report)).toEqual(["the memory of late is"]);
});

it("what the configuration excuses stands apart, line by line", () => {
  const message = "What the configuration excuses.\nfirst, until 2026-12-01.\nsecond.\n";
  const policyEvent = {
    ...{ message, policyName: "excused-violations", enforcementLevel: "advisory" },
    resourceUrn: urn(VM, "win2016"),
  };
  const { plan } = reportFrom([{ policyEvent }, ENDED]);
  expect(plan?.verdict?.violations).toEqual([
    {
      ...{ rule: "excused-violations", level: "advisory", severity: "", resource: "VM win2016" },
      description: "What the configuration excuses.",
      message: "first, until 2026-12-01.\nsecond.",
    },
  ]);
  expect(headline(reportFrom([{ policyEvent }, ENDED])).text).toBe(
    "The policies let this change pass.",
  );
});

it.each([
  [[ENDED], "No policies judged this change."],
  [
    [{ diagnosticEvent: { severity: "error", message: "no." } }, ENDED],
    "The preview failed: 1 error.",
  ],
])("says first what the preview is worth: %#", (events, text) => {
  expect(headline(reportFrom(events))).toEqual({ good: false, text });
});

it("a state has facts, and neither plan nor verdict", () => {
  const inputs = { vmId: 100, nodeName: "pve02" };
  const resource = { type: VM, urn: urn(VM, "win2016"), custom: true, inputs };
  const resources = [resource, { ...resource, urn: urn(VM, "old"), delete: true }];
  const reading = readState({ version: 3, deployment: { resources } });
  const report = reportOf("dev", reading, settingsIn(undefined));
  expect(report.guests.map(({ name, mark }) => [name, mark])).toEqual([["win2016", undefined]]);
  expect(report.plan).toBeUndefined();
  expect(headline(report)).toEqual({ good: true, text: expect.stringContaining("no plan") });
});

describe("the settings", () => {
  it("are those of the rules whose arithmetic is shown", () => {
    const rules = [configured(requireFailoverRoom, {}), configured(requireRecoveryPoint, {})];
    expect(settingsIn(undefined)).toEqual(Object.assign({}, ...rules));
  });

  it("come from the stack's configuration, which may give a rule a level alone", () => {
    const rules = { "require-failover-room": { level: "advisory", reserve: 2048 } };
    expect(settingsIn(JSON.stringify({ rules })).reserve).toBe(2048);
    const levels = { "require-failover-room": "advisory", "forbid-soft-nfs": "disabled" };
    expect(settingsIn(JSON.stringify({ rules: levels }))).toEqual(settingsIn(undefined));
  });

  it.each(["nonsense", '{"rules":{"require-failover-room":{"reserve":"2 GiB"}}}'])(
    "that are none are refused: %s",
    (text) => {
      expect(() => settingsIn(text)).toThrow(
        "proxmox-ha:policies is not what the policy pack reads.",
      );
    },
  );
});

it("copies of backups are told in both reports, and nothing of them where there are none", () => {
  const usb = { from: "Backup", to: "Away", onCalendar: "*:0/30", nodes: ["pve01"] };
  const copy = { op: "create", type: "proxmox-ha:backup:ArchiveCopy", name: "usb" };
  const report = reportFrom([
    ...eventsOf("guests-changed"),
    step({ ...copy, now: { ...usb, maxAge: 129_600 } }),
  ] as EngineEvent[]);
  expect(report.copies).toEqual([
    {
      name: "usb",
      from: "Backup",
      to: "Away",
      schedule: "*:0/30",
      maxAge: "36 hours",
      mark: "create",
    },
  ]);
  const [text, whole] = [markdown(report), page(report)];
  expect(text).toContain("<details><summary>Copies of backups (1)</summary>");
  expect(text).toContain("| usb | Backup | Away | &#42;:0/30 | 36 hours |");
  expect(whole.replace(/\s*\n\s*/g, "")).toContain(
    '<th scope="row">usb</th><td>Backup</td><td>Away</td><td>*:0/30</td><td>36 hours</td><td><span class="create">create</span></td>',
  );
  const without = fixture("guests-changed");
  expect(markdown(without)).not.toContain("Copies of backups");
  expect(page(without)).not.toContain("Copies of backups");
});
