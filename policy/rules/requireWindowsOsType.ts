import { attempt } from "../facts/judge";
import { need } from "../facts/known";
import type { Rule } from "./rule";

/** Names that people give Windows guests: win2016, windows, win-dc1; not winery. */
const WINDOWS = /^win(dows|srv)?([\d_-]|$)/i;
/** What Proxmox VE calls its versions (qemu-server, ostype). */
const OS_TYPES = /^(win|w2k|wxp|wvista)/;

export const requireWindowsOsType: Rule = {
  name: "require-windows-os-type",
  description: "A Windows guest has the OS type of its Windows.",
  enforcementLevel: "mandatory",
  severity: "medium",
  remedy: "Set the OS type: win10 for Windows 10 and Server 2016 or 2019, win11 for later ones.",
  judge: ({ guests }) =>
    guests
      .filter(({ kind, name }) => kind === "vm" && WINDOWS.test(name))
      .flatMap(({ urn, name, osType }) =>
        attempt(urn, `the OS type of ${name}`, () => {
          const type = need(osType, "it is");
          if (OS_TYPES.test(type)) return [];
          const message =
            `guest ${name} looks like Windows and has OS type ${type}, so that it lacks Hyper-V's clock and timers: ` +
            `it is slow, and its clock drifts. Set win10 or win11: guests.${name}.os.`;
          return [{ urn, message }];
        }),
      ),
};
