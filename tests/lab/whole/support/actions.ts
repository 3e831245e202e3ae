import fc from "fast-check";
import { GUESTS, HA } from "./seeds";

/** One thing that happens to a site. Plain values, so that a counterexample can be kept as a test. */
export type Action =
  | { do: "wait"; seconds: number }
  | { do: "power"; host: string; on: boolean }
  | { do: "reset"; host: string }
  | { do: "shut down"; host: string; kind: "reboot" | "shutdown" }
  | { do: "plug"; host: string; connected: boolean }
  | { do: "cable"; a: string; b: string; connected: boolean }
  | { do: "partition"; groups: string[][] }
  | { do: "mend" }
  | { do: "service"; host: string; unit: string; running: boolean }
  | { do: "maintenance"; node: string; at: string; on: boolean }
  | { do: "guest"; at: string; vmid: number; verb: GuestVerb; n: number }
  | { do: "ha"; at: string; sid: string; verb: HaVerb; n: number }
  | { do: "cluster"; at: string; verb: ClusterVerb; n: number }
  | { do: "shell"; host: string; line: string }
  | { do: "restart"; how: "kill" | "stop" };

const GUEST_VERBS = [
  "start",
  "stop",
  "shutdown",
  "reboot",
  "migrate",
  "describe",
  "resize memory",
  "snapshot",
  "delete snapshot",
  "backup",
  "delete",
] as const;
export type GuestVerb = (typeof GUEST_VERBS)[number];

const HA_VERBS = [
  "add",
  "remove",
  "start",
  "stop",
  "disable",
  "limits",
  "migrate",
  "relocate",
] as const;
export type HaVerb = (typeof HA_VERBS)[number];

const CLUSTER_VERBS = [
  "create VM",
  "create CT",
  "storage",
  "change storage",
  "pool",
  "comment on pool",
] as const;
export type ClusterVerb = (typeof CLUSTER_VERBS)[number];

/** Units that come and go, by the kind of host they run on. */
export const UNITS = {
  node: ["corosync", "corosync-qdevice"],
  nas: ["nfs-server", "corosync-qnetd"],
};

/** Anything that may happen to a site of these nodes, a NAS beside them. */
export function anyAction(nodes: readonly string[], device: boolean): fc.Arbitrary<Action> {
  const at = fc.constantFrom(...nodes);
  const host = fc.constantFrom(...nodes, "nas");
  const n = fc.nat(7);
  const on = fc.boolean();
  const nodeUnits = device ? UNITS.node : ["corosync"];
  const nasUnits = device ? UNITS.nas : ["nfs-server"];
  const service = fc.oneof(
    fc.record({ host: at, unit: fc.constantFrom(...nodeUnits) }),
    fc.record({ host: fc.constant("nas"), unit: fc.constantFrom(...nasUnits) }),
  );
  const group = fc.subarray([...nodes, "nas"], { minLength: 1 });
  const script = fc.constantFrom("pvecm status", "ha-manager status", "qm list", "pvesm status");
  const a = <T extends Action["do"]>(name: T) => ({ do: fc.constant(name) });
  return fc.oneof(
    {
      weight: 16,
      arbitrary: fc.record({
        ...a("wait"),
        seconds: fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 10, max: 240 })),
      }),
    },
    { weight: 5, arbitrary: fc.record({ ...a("power"), host, on }) },
    { weight: 2, arbitrary: fc.record({ ...a("reset"), host }) },
    {
      weight: 2,
      arbitrary: fc.record({
        ...a("shut down"),
        host: at,
        kind: fc.constantFrom("reboot", "shutdown"),
      }),
    },
    { weight: 3, arbitrary: fc.record({ ...a("plug"), host, connected: on }) },
    { weight: 4, arbitrary: fc.record({ ...a("cable"), a: host, b: host, connected: on }) },
    {
      weight: 2,
      arbitrary: fc.record({
        ...a("partition"),
        groups: fc.array(group, { minLength: 1, maxLength: 2 }),
      }),
    },
    { weight: 1, arbitrary: fc.record(a("mend")) },
    {
      weight: 3,
      arbitrary: fc
        .tuple(service, on)
        .map(([{ host, unit }, running]): Action => ({ do: "service", host, unit, running })),
    },
    { weight: 2, arbitrary: fc.record({ ...a("maintenance"), node: at, at, on }) },
    {
      weight: 16,
      arbitrary: fc.record({
        ...a("guest"),
        at,
        vmid: fc.constantFrom(...GUESTS, 107, 108),
        verb: fc.constantFrom(...GUEST_VERBS, "describe", "resize memory", "migrate"),
        n,
      }),
    },
    {
      weight: 10,
      arbitrary: fc.record({
        ...a("ha"),
        at,
        sid: fc.constantFrom(...HA),
        verb: fc.constantFrom(...HA_VERBS),
        n,
      }),
    },
    {
      weight: 6,
      arbitrary: fc.record({ ...a("cluster"), at, verb: fc.constantFrom(...CLUSTER_VERBS), n }),
    },
    { weight: 1, arbitrary: fc.record({ ...a("shell"), host: at, line: script }) },
    { weight: 3, arbitrary: fc.record({ ...a("restart"), how: fc.constantFrom("kill", "stop") }) },
  ) as fc.Arbitrary<Action>;
}
