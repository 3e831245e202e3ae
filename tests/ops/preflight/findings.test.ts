import { readFindings } from "../../../ops/preflight/findings";

const read = (stdout: string, code = 0, stderr = "", script = "cluster/check") =>
  readFindings(script, { stdout, stderr, code });

describe("what a script that looks has printed", () => {
  it("is read line by line, in the script's order", () => {
    const lines = [
      "version\t9.1.3",
      "state\tdebian",
      "will\tinstall Proxmox VE 9",
      "will\treboot",
      "problem\tno VT\tenable VT in the BIOS",
      "warning\tslow link\tcheck the cable",
      "checklist\tAC power loss: on",
      "clock\t1767225600.5",
    ];
    expect(read(`${lines.join("\n")}\n`, 1)).toEqual({
      state: "debian",
      will: ["install Proxmox VE 9", "reboot"],
      problems: [{ what: "no VT", remedy: "enable VT in the BIOS" }],
      warnings: [{ what: "slow link", remedy: "check the cable" }],
      checklist: ["AC power loss: on"],
    });
  });

  it("may be nothing where the script tells no state", () => {
    expect(read("", 0, "", "storage/exports").problems).toEqual([]);
  });

  it("is a problem where the state is missing", () => {
    expect(read("", 0, "pve01: words\n").problems).toEqual([
      {
        what: "cluster/check has come to its end without saying what this host is",
        remedy: "run it again; if it stays so, look at what it says: pve01: words",
      },
    ]);
  });

  it.each([
    ["a greeting", "Welcome to pve01!\nstate\tmember\n", "Welcome to pve01!"],
    ["colours", "\u001b[31mstate\tmember\n", "[31mstate member"],
    ["a long line", `${"x".repeat(300)}\nstate\tmember\n`, `${"x".repeat(120)} …`],
  ])("is a problem where the shell adds %s", (_, stdout, shown) => {
    expect(read(stdout).problems).toEqual([
      {
        what: `its shell prints what no script of ours does: ${shown}`,
        remedy:
          "let root's .bashrc print nothing unless the shell is interactive; scp and Proxmox VE stumble over it too",
      },
    ]);
  });
});

describe("a script that fails without a problem of its own", () => {
  it("has told what and remedy where it stopped", () => {
    const stderr = "\npve01: step cluster-check failed: no df\n  What to do: install coreutils\n";
    expect(read("state\tdebian\n", 1, stderr).problems).toEqual([
      { what: "no df", remedy: "install coreutils" },
    ]);
  });

  it.each([
    [127, "bash: flock: command not found\n", "bash: flock: command not found", /root shell/],
    [74, "", "no words", /the connection broke while the script was sent/],
    [255, "a\nb\n", "b", /root shell/],
  ])("is told with code %d and its last words", (code, stderr, words, remedy) => {
    const [problem] = read("", code, stderr).problems;
    expect(problem?.what).toBe(`cluster/check ended with code ${code}: ${words}`);
    expect(problem?.remedy).toMatch(remedy);
  });
});
