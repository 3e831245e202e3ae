import { ROOT_DISK, setDiskFull } from "../../../lab/storage/fullDisks";
import type { HostName } from "../../lab/cluster/support/machines";
import type { Bootstrap } from "./bootstrap";
import { type Attempt, booted, type Fault, noTrait, onTheWay, trait } from "./fault";
import type { FileState } from "../../../lab/state/types";

const TEN_MINUTES = 600_000;
/** Milliseconds after which corosync has noticed what it does not hear. */
const NOTICED = 30_000;

/** Files as they were before a fault. */
const before = new WeakMap<object, FileState | undefined>();

const file = (content: string, mode = 0o644): FileState => ({ content, mode });

const mismatch = (host: string): string => `127.0.0.1 localhost\n127.0.1.1 ${host}.lan ${host}\n`;

function swapKeys({ lab }: Bootstrap, hosts: string[]): void {
  for (const name of hosts) {
    const host = lab.site.host(name);
    const known = strange.get(host);
    strange.set(host, host.sshHostKey);
    const other = Object.values(lab.state.hosts).find((one) => one.name !== name);
    host.sshHostKey = known ?? other?.sshHostKey ?? "";
    if (known !== undefined) strange.delete(host);
  }
}
const strange = new Map<object, string>();

const others = ({ bootstrap, step }: Attempt): string[] =>
  Object.keys(bootstrap.lab.state.hosts).filter((name) => name !== step.host);

const block =
  (a: string, b: string, port: number, closed: boolean) =>
  async ({ bootstrap: { lab } }: Attempt): Promise<void> => {
    lab.site.hardware.block(a, b, port, closed);
    await lab.clock.advance(NOTICED);
  };

export const FAULTS: Fault[] = [
  {
    name: "SSH cut",
    hits: {},
    every: "lost",
    inject: (attempt) => onTheWay(attempt, () => attempt.bootstrap.lab.cut(attempt.step.host)),
    mend: () => undefined,
  },
  {
    name: "process killed",
    hits: {},
    every: "lost",
    inject: (attempt) => onTheWay(attempt, (script) => script.kill()),
    mend: () => undefined,
  },
  {
    name: "power cut",
    dear: true,
    hits: {},
    every: "lost",
    inject: (attempt) =>
      onTheWay(attempt, () => attempt.bootstrap.lab.power(attempt.step.host as HostName, false)),
    mend: (attempt) => {
      attempt.bootstrap.lab.power(attempt.step.host as HostName, true);
      return booted(attempt);
    },
  },
  {
    name: "reboot that takes 10 minutes",
    hits: { "cluster/reboot": "waits", "cluster/install": "waits" },
    every: "unreachable",
    inject: (attempt) => {
      trait(attempt, { bootMs: TEN_MINUTES });
      attempt.bootstrap.lab.site.machines.reset(attempt.step.host);
    },
    mend: booted,
  },
  {
    name: "slow boot",
    hits: { "bare cluster/reboot": "waits" },
    others: "no other step reboots its host",
    inject: (attempt) => trait(attempt, { bootMs: TEN_MINUTES }),
    mend: () => undefined,
  },
  {
    name: "apt lock",
    hits: {
      "cluster/check": "stops",
      "cluster/checkWitness": "stops",
      "bare cluster/prepare": "stops",
      "bare cluster/reboot": "stops",
      "bare cluster/install": "stops",
      "cluster/qnetd": "stops",
      "cluster/qdevice": "stops",
    },
    others: "they install nothing",
    says: /lock|package/,
    inject: (attempt) => trait(attempt, { aptLock: "unattended-upgr" }),
    mend: (attempt) => noTrait(attempt, "aptLock"),
  },
  {
    name: "apt lock for a minute",
    hits: {
      "cluster/check": "stops",
      "cluster/checkWitness": "stops",
      "bare cluster/prepare": "waits",
      "bare cluster/reboot": "waits",
      "bare cluster/install": "waits",
      "cluster/qnetd": "waits",
      "cluster/qdevice": "waits",
    },
    others: "they install nothing",
    inject: (attempt) => {
      trait(attempt, { aptLock: "unattended-upgr" });
      attempt.bootstrap.lab.clock.after(60_000, () => noTrait(attempt, "aptLock"));
    },
    mend: (attempt) => noTrait(attempt, "aptLock"),
  },
  {
    name: "full disk",
    hits: {
      "cluster/check": "stops",
      "cluster/checkWitness": "stops",
      "bare cluster/prepare": "stops",
      "bare cluster/install": "stops",
      "bare network/bridge": "stops",
      "storage/waits": "stops",
      "backup/vzdump": "stops",
      "cluster/trust": "stops",
      "cluster/join": "stops",
      "cluster/qnetd": "stops",
      "cluster/qdevice": "stops",
    },
    others:
      "they write nothing, or nothing but what lies in /etc/pve, which in the lab is never full",
    says: /[Nn]o space|df |[Rr]oom|room/,
    inject: ({ bootstrap: { lab }, step }) => setDiskFull(lab.site, step.host, ROOT_DISK, true),
    mend: ({ bootstrap: { lab }, step }) => setDiskFull(lab.site, step.host, ROOT_DISK, false),
  },
  {
    name: "wrong host key",
    hits: {},
    every: "refused",
    inject: ({ bootstrap, step }) => swapKeys(bootstrap, [step.host]),
    mend: ({ bootstrap, step }) => swapKeys(bootstrap, [step.host]),
  },
  {
    name: "wrong host key between hosts",
    hits: { "cluster/logins": "stops", "cluster/join": "stops", "cluster/qdevice": "stops" },
    others: "they ask no other host over SSH",
    inject: (attempt) => swapKeys(attempt.bootstrap, others(attempt)),
    mend: (attempt) => swapKeys(attempt.bootstrap, others(attempt)),
  },
  {
    name: "wrong clock",
    hits: { "cluster/join": "stops" },
    others: "one clock alone is not wrong: the preflight compares what the checks tell",
    says: /clocks/,
    inject: (attempt) => trait(attempt, { clockOffsetMs: 300_000 }),
    mend: (attempt) => noTrait(attempt, "clockOffsetMs"),
  },
  {
    name: "blocked corosync port",
    hits: { "cluster/join": "stops", "cluster/qdevice": "stops" },
    others: "none of them needs two nodes that hear each other",
    says: /quorum|5405|offline/,
    inject: block("pve01", "pve02", 5405, true),
    mend: block("pve01", "pve02", 5405, false),
  },
  {
    name: "blocked qnetd port",
    hits: { "check-pve01": "stops", "cluster/qdevice": "stops" },
    others: "none of them needs the witness's vote",
    says: /5403/,
    inject: block("pve01", "nas", 5403, true),
    mend: block("pve01", "nas", 5403, false),
  },
  {
    name: "witness down",
    hits: {
      "cluster/check": "stops",
      "cluster/checkWitness": "unreachable",
      "trust-nas": "unreachable",
      "cluster/qnetd": "unreachable",
      "storage/exports": "stops",
      "cluster/qdevice": "stops",
    },
    others: "none of them asks the witness, which is the NAS",
    says: /192\.168\.18\.200/,
    inject: ({ bootstrap: { lab } }) => lab.power("nas", false),
    mend: async (attempt) => {
      attempt.bootstrap.lab.power("nas", true);
      await booted(attempt);
    },
  },
  {
    name: "name mismatch",
    hits: {
      "installed cluster/check": "stops",
      "bare cluster/install": "stops",
      "cluster/join": "stops",
    },
    others: "they go by addresses; on a bare Debian the preparation corrects it",
    says: /loopback|stands for/,
    inject: ({ bootstrap: { lab }, step: { host } }) => {
      const { files } = lab.site.host(host);
      before.set(lab, files["/etc/hosts"]);
      files["/etc/hosts"] = file(mismatch(host));
    },
    mend: ({ bootstrap: { lab }, step: { host } }) => {
      const { files } = lab.site.host(host);
      const was = before.get(lab);
      if (was && files["/etc/hosts"]?.content === mismatch(host)) files["/etc/hosts"] = was;
    },
  },
  {
    name: "existing authkey",
    hits: { "installed check-pve02": "stops" },
    others:
      "nobody but a node that is to join minds it; a create takes the key that is there, and a join clears it away",
    says: /authkey/,
    inject: ({ bootstrap: { lab }, step: { host } }) => {
      lab.site.host(host).files["/etc/corosync/authkey"] ??= file("stranger", 0o400);
    },
    mend: ({ bootstrap: { lab }, step: { host } }) => {
      const { files } = lab.site.host(host);
      // A cluster that was created with it needs it from then on.
      const used = files["/etc/corosync/corosync.conf"] !== undefined;
      if (!used && files["/etc/corosync/authkey"]?.content === "stranger")
        delete files["/etc/corosync/authkey"];
    },
  },
];
