import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Sandbox } from "./support/sandbox";
import { succeeded } from "./support/succeeded";

/** `Pulumi.prod.yaml` as it is in the repository; only the connections lead to a lab. */
const sandbox = new Sandbox("prod");
const backend = join(sandbox.root, "team-backend");
const environment = {
  PULUMI_STACK: "prod",
  PULUMI_BACKEND_URL: `file://${backend}`,
  PULUMI_CONFIG_PASSPHRASE: "the team's",
  PROXMOX_HA_STAND_IN: join(sandbox.root, ".lab"),
};
const pulumi = (...args: string[]) =>
  sandbox.run(
    join(sandbox.root, "toolchain/bin/pulumi"),
    [...args, "--color", "never"],
    environment,
  );

beforeAll(() => {
  mkdirSync(backend);
  sandbox.labCommand("start");
});
afterAll(() => sandbox.dispose());

describe("prod", () => {
  it("asks for pinned host keys before it talks to any host", () => {
    const { code, text } = sandbox.run(join(sandbox.root, "toolchain/bin/pulumi"), ["preview"], {
      PULUMI_STACK: "prod",
      HOME: sandbox.root,
    });
    expect(text).toContain("No SSH host key is pinned for pve01 (192.168.18.251), pve02");
    expect(text).toContain("ssh-keyscan");
    expect(code).not.toBe(0);
  });

  it("leaves backend and passphrase to the team", () => {
    const { code, text } = sandbox.run("make", ["up", "STACK=prod"], {
      ...environment,
      PULUMI_BACKEND_URL: `file://${backend}`,
    });
    expect(text).toContain("Stack prod is not in your backend yet.");
    expect(text).toContain("pulumi stack init prod");
    expect(code).not.toBe(0);
    expect(sandbox.run("ls", [join(sandbox.root, ".state")]).code).not.toBe(0);
  });

  it("previews with its policies on a new stack", () => {
    succeeded(pulumi("stack", "init", "prod"));
    const text = succeeded(pulumi("preview", "--policy-pack", "policy", "--suppress-outputs"));
    expect(text).toMatch(/proxmox-ha@v[\d.]+ \(local: policy\)/);
    expect(text).toMatch(/\d+ to create/);
  });

  it("builds on the lab, and then finds nothing to change", () => {
    const up = succeeded(pulumi("up", "--yes", "--policy-pack", "policy", "--suppress-outputs"));
    expect(up).toMatch(/ \+ \d+ created\n/);
    succeeded(pulumi("preview", "--refresh", "--expect-no-changes"));
  });

  const drift = () => {
    const { code, text } = sandbox.run("npm", ["run", "-s", "ops", "--", "drift"], environment);
    return { code, text: text.split("\n").filter((line) => !line.startsWith("    ")) };
  };
  const clean = "Stack prod and its cluster are as described.";

  it("has drifted while there is a guest that somebody made by hand", async () => {
    const made = { vmid: "900", name: "stray" };
    await sandbox.lab.api("pve02", "POST", "/nodes/pve02/qemu", made);
    expect(drift()).toEqual({
      code: 2,
      text: [
        "Stack prod: 1 thing is not as described.",
        "In the cluster, and not in the stack:",
        "  guest/900: VM stray on pve02 is in the cluster, and not in the stack",
        "",
      ],
    });
    sandbox.lab.out("pve02", "qm destroy 900");
    expect(drift()).toEqual({ code: 0, text: [clean, ""] });
  });

  it("has drifted where somebody has no second factor once everybody is to have one", () => {
    const site = "  proxmox-ha:site:\n";
    sandbox.edit("Pulumi.prod.yaml", site, `${site}    access: { secondFactor: required }\n`);
    expect(drift()).toEqual({
      code: 2,
      text: [
        "Stack prod: 1 thing is not as described.",
        "Who logs in without a second factor:",
        "  user/root@pam: logs in with a password alone: there is no second factor",
        "",
      ],
    });
    sandbox.lab.out("pve02", "pvesh create /access/tfa/root@pam --type recovery");
    expect(drift()).toEqual({ code: 0, text: [clean, ""] });
  });

  it("protects guests and storages against destroy", async () => {
    const { code, text } = pulumi("destroy", "--yes");
    expect(text).toContain("because it is protected");
    expect(code).not.toBe(0);
    const { data } = await sandbox.lab.api("pve01", "GET", "/cluster/resources?type=vm");
    expect(data).toHaveLength(3);
  });

  it("lets a guest go that says so, and tells what goes with it", () => {
    const judgedUp = () => pulumi("up", "--yes", "--policy-pack", "policy");
    sandbox.edit(
      "Pulumi.prod.yaml",
      "        vmid: 102\n",
      "        vmid: 102\n        protect: false\n",
    );
    expect(judgedUp().text).toContain("guest web may be deleted");
    sandbox.edit(
      "Pulumi.prod.yaml",
      "    exceptions:\n",
      "    exceptions:\n      - { rule: require-protection, resource: web, reason: it is to go, until: '2099-12-31' }\n",
    );
    succeeded(judgedUp());
    sandbox.edit(
      "Pulumi.prod.yaml",
      /      web:\n(?: {8}.*\n)*/.exec(sandbox.read("Pulumi.prod.yaml"))?.[0] ?? "",
      "",
    );
    const text = succeeded(judgedUp());
    expect(text).toContain(
      "guests.web is no longer in the site file: VMID 102 will be deleted, and with it rootfs",
    );
  });
});
