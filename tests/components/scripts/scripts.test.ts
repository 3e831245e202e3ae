import { Host, type Result } from "../support/host";
import { endsAlike } from "../support/killed";
import { BEFORE, type Step, STEPS } from "../support/steps";

/** What holds for every script alike. The tests beside this one tell what each of them does. */

const hosts: Host[] = [];
function hostFor(step: Step, state: Record<string, string> = {}): Host {
  const host = new Host({ ...BEFORE[step], ...state });
  hosts.push(host);
  return host;
}
afterEach(() => hosts.splice(0).forEach((host) => host.remove()));

const steps = Object.keys(STEPS) as Step[];
/** Steps that can be undone, and the file of the stand-in that shows it. */
const REMOVED: [Step, string][] = [
  ["account", "state/roles"],
  ["account", "state/users"],
  ["token", "state/tokens"],
];
/** Calls that change something. */
const changing = ({ calls }: Result): string[] =>
  calls
    .map((call) => call.join(" "))
    .filter(
      (call) =>
        !/ (list|status|is-active|is-enabled|-W|-y -f|-F|-l|cat|true) ?/.test(call) &&
        !/^sleep/.test(call),
    );

describe.each(steps)("%s", (step) => {
  it("works on a fresh host, and says in one line whose host that is", async () => {
    const { code, stderr } = await hostFor(step).run(STEPS[step]);
    expect(stderr).toMatch(new RegExp(`^${STEPS[step].host}: .+$`, "m"));
    expect(stderr).not.toMatch(/failed|not found|No such file/);
    expect(code).toBe(0);
  });

  it("leaves everything as it is when it runs again", async () => {
    const host = hostFor(step);
    const first = await host.run(STEPS[step]);
    const files = host.files();
    const second = await host.run(STEPS[step]);
    expect(second.code).toBe(0);
    expect(second.stdout).toBe(first.stdout);
    expect(host.files()).toEqual(files);
  });

  it("comes to the same end after being killed at any moment", async () => {
    await endsAlike(hostFor(step), STEPS[step]);
  });
});

describe("running again", () => {
  it.each([
    ["key", []],
    ["trust", []],
    ["trustWitness", []],
    ["logins", []],
    ["found", []],
    ["authority", []],
    ["join", []],
    ["qnetd", []],
    [
      "account",
      [
        "pveum role modify proxmox-ha-dev --privs Sys.Audit,VM.Audit",
        "pveum acl modify / --users proxmox-ha-dev@pve --roles proxmox-ha-dev",
        "pveum acl modify /access --users proxmox-ha-dev@pve --roles NoAccess",
      ],
    ],
    ["template", []],
  ] as [Step, string[]][])("%s makes no change but %j", async (step, expected) => {
    const host = hostFor(step);
    await host.run(STEPS[step]);
    expect(changing(await host.run(STEPS[step]))).toEqual(expected);
  });
});

describe.each(REMOVED)("%s", (step, kept) => {
  it("is gone after its removal, which may run again", async () => {
    const host = hostFor(step);
    await host.run(STEPS[step]);
    const first = await host.run(STEPS[step], "remove");
    expect(first).toMatchObject({ code: 0, stdout: "" });
    const second = await host.run(STEPS[step], "remove");
    expect(second).toMatchObject({ code: 0, stdout: "" });
    expect(changing(second)).toEqual([]);
    const { [kept]: made } = host.files();
    expect(made).toBe("");
  });
});

/** A command that fails, and the two lines that an operator gets to read. */
const FAILURES: [Step, command: string, args: string, what: string, remedy: string][] = [
  ["key", "ssh-keygen", "-q", "ssh-keygen did not succeed", "see the lines above"],
  ["found", "pvecm", "create", "pvecm create did not succeed", "see the lines above"],
  [
    "found",
    "pvecm",
    "status",
    "the cluster has no quorum",
    "look at: pvecm status; every node of the cluster must be on and reachable",
  ],
  [
    "join",
    "ssh",
    "",
    "cannot log in at pve01 (192.168.18.251)",
    "check that pve01 is on, and the network between the two",
  ],
  [
    "join",
    "pvecm",
    "add",
    "pvecm add did not succeed",
    "see the lines above; the next run cleans up what is left, and joins anew",
  ],
  [
    "join",
    "pvecm",
    "status",
    "no quorum after joining",
    "check that UDP ports 5405 to 5412 are open between pve02 and pve01 in both directions, and look at: pvecm status; the node stays joined, and the next run goes on",
  ],
  [
    "qnetd",
    "apt-get",
    "install",
    "package corosync-qnetd could not be installed",
    "see the lines above; check the host's package sources with: apt-get update",
  ],
  [
    "qnetd",
    "systemctl",
    "is-active",
    "corosync-qnetd does not run",
    "look at: journalctl -u corosync-qnetd",
  ],
  [
    "qdevice",
    "ssh",
    "",
    "root of pve01 cannot log in at 192.168.18.251: no luck today",
    "every node must be on, and let in the key in /root/.ssh/id_rsa.pub of pve01",
  ],
  [
    "qdevice",
    "pvecm",
    "qdevice setup",
    "pvecm qdevice setup did not succeed",
    "see the lines above",
  ],
  [
    "qdevice",
    "pvecm",
    "status",
    "the QDevice does not vote on every node",
    "look on every node at: pvecm status; corosync-qdevice-tool -s; journalctl -u corosync-qdevice; then run this again",
  ],
  ...["role add", "user add", "acl modify"].map((call): (typeof FAILURES)[number] => [
    "account",
    "pveum",
    call,
    `pveum ${call} did not succeed`,
    "see the lines above; without quorum nothing can be changed: pvecm status",
  ]),
  ...["user token add", "acl modify"].map((call): (typeof FAILURES)[number] => [
    "token",
    "pveum",
    call,
    `pveum ${call} did not succeed`,
    "see the lines above; without quorum nothing can be changed: pvecm status",
  ]),
  [
    "template",
    "pveam",
    "update",
    "the template index could not be read",
    "check the node's way to the internet",
  ],
  [
    "template",
    "pveam",
    "download",
    "template debian-13-standard_13.1-2_amd64.tar.zst could not be downloaded",
    "choose one that the node offers: pveam available",
  ],
];

describe("a command that fails", () => {
  it.each(FAILURES)("stops %s: %s %s", async (step, command, args, what, remedy) => {
    const host = hostFor(step);
    host.fail(command, args);
    const { code, stderr, stdout } = await host.run(STEPS[step]);
    const { host: name, script } = STEPS[step];
    expect(stderr).toMatch(/\n\n[^\n]+\n {2}What to do: [^\n]+\n$/);
    expect(stderr.split("\n").slice(-4)).toEqual([
      "",
      `${name}: step ${script.replace("/", "-")} failed: ${what}`,
      `  What to do: ${remedy}`,
      "",
    ]);
    expect(stdout).toBe("");
    expect(code).toBe(1);
  });

  it.each([
    ["account", "role modify", {}],
    ["account", "user delete", { "state/users": "proxmox-ha-dev@pve\n" }],
    ["account", "role delete", { "state/roles": "proxmox-ha-dev Sys.Audit\n" }],
    ["token", "user token remove", { "state/tokens": "pulumi-dev\n" }],
  ] as [Step, string, Record<string, string>][])(
    "stops %s where there is something already: pveum %s",
    async (step, call, state) => {
      const host = hostFor(step, { "state/roles": "proxmox-ha-dev Sys.Audit\n", ...state });
      host.fail("pveum", call);
      const { code, stderr } = await host.run(
        STEPS[step],
        call.includes("delete") ? "remove" : "apply",
      );
      expect(stderr).toContain(`failed: pveum ${call} did not succeed\n  What to do: `);
      expect(code).toBe(1);
    },
  );

  it("shows what the command itself had to say", async () => {
    const host = hostFor("found");
    host.fail("pvecm", "create", "Multiple errors from corosync");
    expect((await host.run(STEPS.found)).stderr).toContain("Multiple errors from corosync\n");
  });
});

describe("waiting", () => {
  it.each([
    ["found", "pvecm", "status", 60],
    ["join", "pvecm", "status", 60],
    ["qnetd", "systemctl", "is-active", 20],
  ] as [Step, string, string, number][])(
    "of %s for %s %s ends after %d seconds",
    async (step, command, args, seconds) => {
      const host = hostFor(step);
      host.fail(command, args);
      const { calls } = await host.run(STEPS[step]);
      expect(calls.filter(([name]) => name === "sleep")).toEqual(
        Array.from({ length: seconds }, () => ["sleep", "1"]),
      );
    },
  );

  it("ends as soon as the cluster has quorum", async () => {
    const host = hostFor("found", { "state/status": "Quorate:          No\n" });
    host.command(
      "sleep",
      'if [ "$(grep -c sleep "$ROOT/calls")" -ge 1 ]; then echo "Quorate:          Yes" >"$state/status"; fi',
    );
    const { code, calls } = await host.run(STEPS.found);
    expect(code).toBe(0);
    expect(calls.filter(([name]) => name === "sleep")).toHaveLength(1);
  });
});

describe("a script that does not arrive whole", () => {
  it.each(steps)("makes no call at all: %s", async (step) => {
    const host = hostFor(step);
    const files = host.files();
    for (const part of [0, 0.5, 0.99]) {
      const { code, stdout, calls } = await host.run(STEPS[step], "apply", part);
      expect([code, stdout, calls]).toEqual([74, "", []]);
    }
    expect(host.files()).toEqual(files);
  });
});

describe("a host that is busy with another of our scripts", () => {
  it("makes the step end with the lock's own code", async () => {
    const host = hostFor("found");
    host.command("flock", 'while [ "$1" != -E ]; do shift; done\nexit "$2"');
    const { code, calls } = await host.run(STEPS.found);
    expect(code).toBe(75);
    expect(calls).toEqual([]);
  });
});
