import { LAB_COMMAND } from "../../toolchain/launcher/connections";
import type { HostReport } from "./host";

/** Corosync and Proxmox VE's tickets bear no more. */
const CLOCKS_APART_MS = 1_000;

/** What shows only where hosts are compared. Adds it to what was found on them. */
export function compareHosts(reports: HostReport[], lab = false): void {
  compareClocks(reports, lab);
  compareMachines(reports);
}

const REMEDY =
  "set the one that is wrong: chronyc makestep (with systemd-timesyncd: systemctl restart systemd-timesyncd), " +
  "and let all hosts follow the same time servers";

/** Hosts are asked one a little after another, by a clock outside the lab: time that runs fast shows gaps that are none. */
const LAB_REMEDY =
  `where the lab's time runs faster than ours, let it go as ours: ${LAB_COMMAND} clock --speed 1; ` +
  "otherwise set the one that is wrong: chronyc makestep";

interface Clock {
  report: HostReport;
  least: number;
  most: number;
}

/** Each against the one in the middle: that of a single host that is wrong is not it. */
function compareClocks(reports: HostReport[], lab: boolean): void {
  const clocks = reports
    .flatMap((report): Clock[] =>
      report.identity?.clock ? [{ report, ...report.identity.clock }] : [],
    )
    .sort((a, b) => a.least + a.most - (b.least + b.most));
  const middle = clocks[Math.floor((clocks.length - 1) / 2)];
  if (!middle) return;
  for (const clock of clocks) {
    const apart = Math.max(clock.least - middle.most, middle.least - clock.most);
    if (apart <= CLOCKS_APART_MS) continue;
    const way = clock.least > middle.most ? "ahead of" : "behind";
    clock.report.problems.push({
      what: `its clock is at least ${(apart / 1000).toFixed(1)} s ${way} that of ${middle.report.name}; one second is allowed`,
      remedy: lab ? LAB_REMEDY : REMEDY,
    });
  }
}

function compareMachines(reports: HostReport[]): void {
  reports.forEach((report, index) => {
    const { boot, machine } = report.identity ?? { boot: "", machine: "" };
    for (const other of reports.slice(0, index)) {
      if (boot !== "" && boot === other.identity?.boot) {
        report.problems.push({
          what: `it is the same machine as ${other.name} (${other.address}), or a container on it`,
          remedy: "correct the addresses in the site file; each host is a machine of its own",
        });
      } else if (machine !== "" && machine === other.identity?.machine) {
        report.warnings.push({
          what: `it has the same machine-id as ${other.name}: one is a copy of the other`,
          remedy:
            "give it one of its own: rm /etc/machine-id && systemd-machine-id-setup, then reboot",
        });
      }
    }
  });
}
