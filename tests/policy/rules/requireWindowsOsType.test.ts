import { UNKNOWN } from "../../../policy/facts/known";
import type { SiteFacts } from "../../../policy/facts/site";
import { requireWindowsOsType } from "../../../policy/rules/requireWindowsOsType";
import { guest, judge, site, web } from "../support/facts";

const verdict = (changes: Partial<SiteFacts> = {}, config: object = {}) =>
  judge(requireWindowsOsType, site(changes), config);

it.each(["win10", "win11", "w2k8", "wxp", "wvista"])(
  "takes Windows with the OS type %s",
  (osType) => {
    expect(verdict({ guests: [guest({ osType })] })).toEqual([]);
  },
);

it.each(["winery", "wine", "darwin", "ubuntu"])("takes %s for no Windows", (name) => {
  expect(verdict({ guests: [guest({ name, osType: "l26" })] })).toEqual([]);
});

it("takes no container for Windows", () => {
  expect(verdict({ guests: [web({ name: "win-proxy" })] })).toEqual([]);
});

it.each(["win2016", "Windows", "win-dc1", "win", "winsrv02"])(
  "refuses %s with that of Linux",
  (name) => {
    expect(verdict({ guests: [guest({ name, osType: "l26" })] })).toEqual([
      [
        "urn:win2016",
        `guest ${name} looks like Windows and has OS type l26, so that it lacks Hyper-V's clock and timers: ` +
          `it is slow, and its clock drifts. Set win10 or win11: guests.${name}.os.`,
      ],
    ]);
  },
);

it("cannot judge one of unknown OS type", () => {
  expect(verdict({ guests: [guest({ osType: UNKNOWN })] })).toEqual([
    ["urn:win2016", "cannot judge the OS type of win2016 until it is known."],
  ]);
});
