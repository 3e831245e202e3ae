import { readIdentity } from "../../../ops/preflight/identity";
import { compareHosts } from "../../../ops/preflight/together";
import { reportOn } from "./support/reports";

/** Clocks of hosts that were asked at 0 and have answered at `trip`, in milliseconds of ours. */
function clocks(times: Record<string, number>, trip = 20): Record<string, string> {
  const reports = Object.entries(times).map(([name, time]) =>
    reportOn(name, {
      identity: { machine: "", boot: "", clock: { least: time - trip, most: time } },
    }),
  );
  compareHosts(reports);
  return Object.fromEntries(
    reports.flatMap(({ name, problems }) => problems.map(({ what }) => [name, what])),
  );
}

describe("clocks", () => {
  it("may be one second apart, and the way there and back is nobody's fault", () => {
    expect(clocks({ pve01: 0, pve02: 1_000, nas: 1_015 })).toEqual({});
    expect(clocks({ pve01: 0, pve02: 3_000 }, 2_500)).toEqual({});
  });

  it("that are further apart are told on the one that is wrong", () => {
    expect(clocks({ pve01: 0, pve02: 5_020, nas: 100 })).toEqual({
      pve02: "its clock is at least 4.9 s ahead of that of nas; one second is allowed",
    });
    expect(clocks({ pve01: -90_000, pve02: 0, nas: 100 })).toEqual({
      pve01: "its clock is at least 90.0 s behind that of pve02; one second is allowed",
    });
  });

  it("may all differ from ours", () => {
    expect(clocks({ pve01: 7_200_000, pve02: 7_200_100, nas: 7_200_200 })).toEqual({});
  });

  it("of two hosts alone are told on one of them", () => {
    expect(clocks({ pve01: 0, pve02: 5_000 })).toEqual({
      pve02: "its clock is at least 5.0 s ahead of that of pve01; one second is allowed",
    });
  });
});

describe("clocks of a lab", () => {
  it("may be apart because its time runs faster than ours, and the remedy says so", () => {
    const reports = [0, 5_000].map((time, index) =>
      reportOn(`pve0${index + 1}`, {
        identity: { machine: "", boot: "", clock: { least: time, most: time } },
      }),
    );
    compareHosts(reports, true);
    expect(reports[1]?.problems).toEqual([
      {
        what: "its clock is at least 5.0 s ahead of that of pve01; one second is allowed",
        remedy:
          "where the lab's time runs faster than ours, let it go as ours: npm run -s lab -- clock --speed 1; " +
          "otherwise set the one that is wrong: chronyc makestep",
      },
    ]);
  });
});

describe("hosts", () => {
  const found = (first: [string, string], second: [string, string]) => {
    const reports = [first, second].map(([machine, boot], index) =>
      reportOn(`pve0${index + 1}`, { identity: { machine, boot } }),
    );
    compareHosts(reports);
    return reports[1];
  };

  it("at two addresses that are one machine are a problem", () => {
    expect(found(["m", "b"], ["m", "b"])?.problems).toEqual([
      {
        what: "it is the same machine as pve01 (192.168.18.251), or a container on it",
        remedy: "correct the addresses in the site file; each host is a machine of its own",
      },
    ]);
  });

  it("of which one is a copy of the other deserve a warning", () => {
    const second = found(["m", "b1"], ["m", "b2"]);
    expect(second?.problems).toEqual([]);
    expect(second?.warnings).toEqual([
      {
        what: "it has the same machine-id as pve01: one is a copy of the other",
        remedy:
          "give it one of its own: rm /etc/machine-id && systemd-machine-id-setup, then reboot",
      },
    ]);
  });

  it("that do not tell who they are count as different", () => {
    const second = found(["", ""], ["", ""]);
    expect([second?.problems, second?.warnings]).toEqual([[], []]);
  });
});

describe("what a host says of itself", () => {
  const MEMBERS =
    '{\n"nodename": "pve01",\n"nodelist": {\n"pve01": {"online": 1},\n"pve02": {"online": 0}\n}\n}\n';

  it("is its clock against ours, its machine, its boot and its cluster's members", () => {
    const text = `clock 1000.250000000\nmachine m1\nboot b1\n${MEMBERS}`;
    expect(readIdentity(text, 900_000, 900_040)).toEqual({
      clock: { least: 100_210, most: 100_250 },
      machine: "m1",
      boot: "b1",
      members: { pve01: true, pve02: false },
    });
  });

  it("has no members where it is in no cluster, and is silent of them where there is no Proxmox VE", () => {
    const text = "clock 1.0\nmachine m1\nboot b1\n";
    expect(readIdentity(`${text}{"nodename": "pve01", "version": 0}`, 0, 0).members).toEqual({});
    expect(readIdentity(text, 0, 0)).not.toHaveProperty("members");
  });

  it.each(["", "Welcome!\n", "clock \nmachine \nboot \n", "clock soon\n{"])(
    "may be nothing of use: %j",
    (text) => {
      expect(readIdentity(text, 0, 0)).toEqual({ machine: "", boot: "" });
    },
  );
});
