import type { Step } from "../../components/cluster/steps";
import { LAB_COMMAND } from "../../toolchain/launcher/connections";
import type { Advice } from "./findings";
import type { HostReport } from "./host";
import type { Past } from "./past";

export interface Places {
  /** The hosts are a lab's. */
  lab: boolean;
  knownHosts: string;
  steps: Step[];
  past: Past;
}

/** What a host means that gives no answer. One that nothing has to be done on stops nobody: nodes do die. */
export function silence(
  reason: string,
  { name, address }: Pick<HostReport, "name" | "address">,
  places: Places,
): { advice: Advice; stops: boolean } {
  const { steps, past } = places;
  const own = steps.filter(({ host }) => host === name);
  const missing = own.filter((step) => past.missing.has(step.name));
  const changed = own.filter((step) => past.changed.has(step.name));
  const stranger = reason.includes("host key");
  return {
    advice: {
      what: `it cannot be looked at (${address}): ${reason}${consequence(missing, changed)}`,
      remedy: remedyFor(reason, name, address, places),
    },
    stops: stranger || missing.length > 0 || (changed.length > 0 && past.missing.size > 0),
  };
}

function consequence(missing: Step[], changed: Step[]): string {
  if (missing.length > 0) return ". Its steps are unknown until up, and up cannot do without them";
  if (changed.length === 0) return ". Nothing is to be done there, so the run goes on without it";
  const names = changed.map(({ name }) => name).join(", ");
  return `. Its steps are unknown until up: ${names} would run there again, and an update stops at them as long as it is away`;
}

function remedyFor(reason: string, name: string, address: string, places: Places): string {
  const { lab, knownHosts } = places;
  if (lab && reason.includes("host key")) {
    return `the lab writes its keys down when it starts: ${LAB_COMMAND} stop, then ${LAB_COMMAND} start`;
  }
  if (reason.includes("host key")) {
    return (
      "if the machine was installed anew, compare the fingerprint with what it shows on its own screen " +
      `(ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub), then: ssh-keygen -R ${address} -f ${knownHosts}; ` +
      `ssh-keyscan -t ed25519 ${address} >> ${knownHosts}. If it was not, somebody else answers there`
    );
  }
  if (reason.includes("does not let")) {
    return (
      "on its own console, put the public half of that key into /root/.ssh/authorized_keys and see that sshd lets root in " +
      "with keys: sshd -T | grep -i permitrootlogin"
    );
  }
  if (reason.includes("SSH key")) return "see docs/configuration.md, proxmox-ha:ssh";
  if (lab)
    return `look at ${LAB_COMMAND} status; ${LAB_COMMAND} start, or ${LAB_COMMAND} power ${name} on`;
  return "switch it on and check its cable and its address; on its own console: systemctl status ssh";
}
