import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type EngineEvent, parseEvents } from "../../../../ops/report/events";
import { reportOf } from "../../../../ops/report/facts";
import type { Report } from "../../../../ops/report/model";
import { readEvents } from "../../../../ops/report/read";
import { settingsIn } from "../../../../ops/report/settings";

/** Logs of real previews, cut down by `trim.ts`. */
export const FIXTURES = [
  "witness-removed",
  "guests-changed",
  "storage-replaced",
  "new-site",
] as const;
export type Fixture = (typeof FIXTURES)[number];

export const fixturePath = (name: Fixture): string =>
  join(__dirname, "../fixtures", `${name}.jsonl`);

export const eventsOf = (name: Fixture): EngineEvent[] =>
  parseEvents(readFileSync(fixturePath(name), "utf8"), name);

export const reportFrom = (events: EngineEvent[]): Report =>
  reportOf("dev", readEvents(events, "events"), settingsIn(undefined));

export const fixture = (name: Fixture): Report => reportFrom(eventsOf(name));

export const urn = (type: string, name: string): string =>
  `urn:pulumi:dev::proxmox-ha::${type}::${name}`;

export const VM = "proxmoxve:index/vmLegacy:VmLegacy";
const HA = "proxmoxve:index/haresource:Haresource";

type Inputs = Record<string, unknown>;

export interface StepOf {
  op?: string;
  type?: string;
  name?: string;
  old?: Inputs;
  now?: Inputs;
  [more: string]: unknown;
}

/** A step of a custom resource. */
export function step({ op = "update", type = VM, name = "win2016", old, now, ...more }: StepOf) {
  const state = (inputs: Inputs | undefined) => (inputs ? { custom: true, inputs } : null);
  const metadata = { op, type, urn: urn(type, name), logical: true, ...more };
  return { resourcePreEvent: { metadata: { ...metadata, old: state(old), new: state(now) } } };
}

export const ENDED: EngineEvent = { summaryEvent: { isPreview: true } };

/** The reference site with that many more guests, all of them new. */
export function large(guests: number, name = (index: number): string => `guest${index}`): Report {
  const more = Array.from({ length: guests }, (_, index) => {
    const memory = { dedicated: 512 };
    const disks = [{ interface: "scsi0", datastoreId: "Data", size: 8 }];
    const node = index % 2 === 0 ? "pve01" : "pve02";
    const vm = {
      vmId: 1000 + index,
      name: name(index),
      nodeName: node,
      memory,
      disks,
      started: true,
    };
    const ha = { resourceId: `vm:${1000 + index}`, state: "started" };
    return [
      step({ op: "create", name: name(index), now: vm }),
      step({ op: "create", type: HA, name: name(index), now: ha }),
    ];
  });
  const violations = Array.from({ length: guests }, (_, index) => ({
    policyEvent: {
      resourceUrn: urn(VM, name(index)),
      message: `VMs run the QEMU guest agent.\nguest ${name(index)} has none. Install it, then say so.\n`,
      ...{ policyName: "require-guest-agent", enforcementLevel: "advisory", severity: "medium" },
    },
  }));
  const events = [...eventsOf("witness-removed"), ...more.flat(), ...violations] as EngineEvent[];
  return reportFrom(events);
}
