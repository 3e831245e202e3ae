import { attempt } from "../facts/judge";
import { need } from "../facts/known";
import { isCalledWindows, isWindowsType } from "../facts/windows";
import type { Rule } from "./rule";

export const requireWindowsOsType: Rule = {
  name: "require-windows-os-type",
  description: "A Windows guest has the OS type of its Windows.",
  enforcementLevel: "mandatory",
  severity: "medium",
  remedy: "Set the OS type: win10 for Windows 10 and Server 2016 or 2019, win11 for later ones.",
  judge: ({ guests }) =>
    guests.filter(isCalledWindows).flatMap(({ urn, name, osType }) =>
      attempt(urn, `the OS type of ${name}`, () => {
        const type = need(osType, "it is");
        if (isWindowsType(type)) return [];
        const message =
          `guest ${name} looks like Windows and has OS type ${type}, so that it lacks Hyper-V's clock and timers: ` +
          `it is slow, and its clock drifts. Set win10 or win11: guests.${name}.os.`;
        return [{ urn, message }];
      }),
    ),
};
