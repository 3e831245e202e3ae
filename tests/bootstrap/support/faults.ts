import type { Step } from "../../../components/cluster/steps";
import type { Bootstrap } from "./bootstrap";
import type { FileState } from "../../../lab/state/types";

/**
 * How a step meets a fault: it `stops` with an error that names host, step and remedy; `waits` until the cause is gone
 * and goes on; is `lost` with its process or connection, which the command plugin tells; its host is `refused` by the
 * plugin; or the fault is `nothing` to it.
 */
export type Meeting = "stops" | "waits" | "lost" | "refused" | "nothing";

export interface Fault {
  name: string;
  /** Scripts that it can hit, and how they meet it; steps by their names, where they differ from their script. */
  hits: Record<string, Meeting>;
  /** Why it is nothing to all others, which is tried as well; absent where it hits every script. */
  others?: string;
  /** How every script meets it that is not named. */
  every?: Meeting;
  inject(bootstrap: Bootstrap, step: Step): void;
  mend(bootstrap: Bootstrap, step: Step): void;
}

function trait(
  { lab }: Bootstrap,
  host: string,
  traits: NonNullable<ReturnType<Bootstrap["lab"]["site"]["host"]>["traits"]>,
): void {
  const record = lab.site.host(host);
  record.traits = { ...record.traits, ...traits };
}

/** `/etc/hosts` as it was. */
const hosts = new WeakMap<object, FileState>();

export const FAULTS: Fault[] = [
  {
    name: "wrong clock",
    hits: { "cluster/join": "stops" },
    others: "one clock alone is not wrong: the preflight compares what the checks tell",
    inject: (bootstrap, step) => trait(bootstrap, step.host, { clockOffsetMs: 300_000 }),
    mend: (bootstrap, step) => delete bootstrap.lab.site.host(step.host).traits?.clockOffsetMs,
  },
  {
    name: "name mismatch: the host's name stands for loopback",
    hits: { "cluster/check": "stops", "cluster/join": "stops" },
    others: "they go by addresses",
    inject: ({ lab }, { host }) => {
      const { files } = lab.site.host(host);
      const before = files["/etc/hosts"];
      if (before) hosts.set(lab, before);
      files["/etc/hosts"] = file(`127.0.0.1 localhost\n127.0.1.1 ${host}.lan ${host}\n`);
    },
    mend: ({ lab }, { host }) => {
      const { files } = lab.site.host(host);
      const before = hosts.get(lab);
      if (before) files["/etc/hosts"] = before;
    },
  },
  {
    name: "existing authkey",
    hits: { "cluster/check": "stops", "check-pve01": "nothing" },
    others: "a create takes the key that is there, and a join clears it away",
    inject: ({ lab }, { host }) =>
      (lab.site.host(host).files["/etc/corosync/authkey"] ??= file("stranger", 0o400)),
    mend: ({ lab }, { host }) => {
      const { files } = lab.site.host(host);
      if (files["/etc/corosync/authkey"]?.content === "stranger")
        delete files["/etc/corosync/authkey"];
    },
  },
];

const file = (content: string, mode = 0o644) => ({ content, mode });

export const meetingOf = ({ hits, every = "nothing" }: Fault, { name, script }: Step): Meeting =>
  hits[name] ?? hits[script] ?? every;
