import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Sandbox } from "./support/sandbox";
import { succeeded } from "./support/succeeded";
import { until } from "./support/wait";

const sandbox = new Sandbox("site");
const { lab } = sandbox;
const SITE = "Pulumi.dev.yaml";

type Row = Record<string, unknown>;

beforeAll(() => {
  sandbox.labCommand("start");
});
afterAll(() => sandbox.dispose());

describe("on an empty stack", () => {
  it("refuses two nodes with HA and no witness, already in preview", () => {
    sandbox.edit(SITE, "      witness: nas\n", "");
    const { code, text } = sandbox.make("preview");
    sandbox.restore(SITE);
    expect(text).toContain("require-majority-after-node-loss");
    expect(text).toContain("without pve02, 1 of 2 votes are left and 2 are needed");
    expect(text).toContain("Give the cluster a witness outside of it: site.cluster.witness.");
    expect(code).not.toBe(0);
  });

  it("refuses an HA guest with its disk on local-lvm, already in preview", () => {
    moveDiskToLocal();
    const { code, text } = sandbox.make("preview");
    sandbox.restore(SITE);
    expect(text).toContain("require-shared-disks-for-ha");
    expect(text).toContain("HA guest win2016: scsi0 lies on local-lvm");
    expect(text).toContain("Put the disk on a storage that all of them share");
    expect(code).not.toBe(0);
  });

  it("builds the reference site with one command", () => {
    const text = succeeded(sandbox.make("up"));
    expect(text).toMatch(/Node\s+pve01\s+192\.168\.18\.251\s+https:\/\/127\.0\.0\.1:\d+/);
    expect(text).toMatch(/Backup job\s+nightly\s+02:00\s+to Backup/);
    expect(text).not.toContain("will not show as a stack output");
    const outputs = JSON.parse(succeeded(sandbox.pulumi("stack", "output", "--json"))) as Row;
    // Nobody is described who would have tokens.
    expect(outputs).toMatchObject({ cluster: { name: "mizar" }, userTokens: {} });
  });
});

describe("the built site, asked from outside", () => {
  it.each(["pve01", "pve02"])(
    "%s says that the cluster is quorate with two nodes online",
    async (node) => {
      const { data } = await lab.api(node, "GET", "/cluster/status");
      const rows = data as Row[];
      expect(rows.find((row) => row.type === "cluster")).toMatchObject({
        name: "mizar",
        quorate: 1,
        nodes: 2,
      });
      expect(rows.filter((row) => row.type === "node" && row.online === 1)).toHaveLength(2);
    },
  );

  it("counts three votes, with the witness voting for both nodes", () => {
    const status = lab.ssh("pve01", "pvecm status");
    expect(status).toMatch(/^Expected votes: +3$/m);
    expect(status).toMatch(/^Total votes: +3$/m);
    expect(status).toMatch(/^Quorum: +2 /m);
    expect(status.match(/ A,V,/g)).toHaveLength(2);
  });

  it.each(["pve01", "pve02"])("both NFS storages are active on %s", async (node) => {
    const { data } = await lab.api(node, "GET", `/nodes/${node}/storage`);
    const active = (data as Row[]).filter((row) => row.type === "nfs" && row.active === 1);
    expect(active.map((row) => row.storage).sort()).toEqual(["Backup", "Data"]);
  });

  it("runs both VMs and the container, the VMs under HA", async () => {
    const started = await until("HA has started both VMs", 90, () => {
      const text = lab.ssh("pve01", "ha-manager status");
      return text.match(/service vm:\d+ \(pve0\d, started\)/g)?.length === 2 ? text : undefined;
    });
    expect(started).toMatch(/service vm:100 \(pve02, started\)/);
    expect(started).toMatch(/service vm:101 \(pve01, started\)/);
    const { data } = await lab.api("pve01", "GET", "/cluster/resources?type=vm");
    expect((data as Row[]).map(({ id, status }) => [id, status]).sort()).toEqual([
      ["lxc/102", "running"],
      ["qemu/100", "running"],
      ["qemu/101", "running"],
    ]);
  });

  it("lists the backup job with its retention on the storage", async () => {
    const { data: jobs } = await lab.api("pve02", "GET", "/cluster/backup");
    expect(jobs).toMatchObject([{ id: "nightly", schedule: "02:00", storage: "Backup", all: 1 }]);
    expect(jobs).toMatchObject([{ bwlimit: 15258 }]);
    const { data: storage } = await lab.api("pve02", "GET", "/storage/Backup");
    expect((storage as Row)["prune-backups"]).toContain("keep-daily=7");
  });
});

describe("the options of the cluster", () => {
  it("limit what copies guests, so that corosync keeps its part of the link", async () => {
    const { data } = await lab.api("pve02", "GET", "/cluster/options");
    expect(data).toMatchObject({
      bwlimit: "default=30517",
      max_workers: "2",
      ha: { shutdown_policy: "conditional" },
    });
  });
});

describe("running it again", () => {
  it("changes nothing", () => {
    const text = succeeded(sandbox.make("up"));
    expect(text).toMatch(/Resources:\n +\d+ unchanged\n/);
  });

  it("finds no difference after a refresh", () => {
    const text = succeeded(sandbox.pulumi("preview", "--refresh", "--expect-no-changes"));
    expect(text).toMatch(/\d+ unchanged/);
  });

  it("leaves git status clean", () => {
    expect(sandbox.gitStatus()).toBe("");
  });

  it("takes an edit of a .ts file at once", () => {
    sandbox.edit("components/backup/backupJob.ts", "compress: plan.compress,", 'compress: "gzip",');
    const { text } = sandbox.pulumi("preview");
    sandbox.restore("components/backup/backupJob.ts");
    expect(text).toMatch(/nightly update .*compress/);
  });
});

describe("a bad change on the built stack", () => {
  it("is refused by the policy when it takes the witness away", () => {
    sandbox.edit(SITE, "      witness: nas\n", "");
    const { code, text } = sandbox.make("preview");
    sandbox.restore(SITE);
    expect(text).toContain("cluster mizar: without pve01, 1 of 2 votes are left and 2 are needed");
    expect(code).not.toBe(0);
  });

  it("is refused by the policy when it moves an HA disk to local-lvm", () => {
    moveDiskToLocal();
    const { code, text } = sandbox.make("preview");
    sandbox.restore(SITE);
    expect(text).toContain(
      "HA guest win2016: scsi0 lies on local-lvm, but local-lvm is local to each node",
    );
    expect(code).not.toBe(0);
  });

  it("is refused when it would replace the container, with what would be lost", async () => {
    changeTemplate();
    const { code, text } = sandbox.pulumi("up", "--yes", "--skip-preview");
    expect(text).toContain("guests.web: its template would change from");
    expect(text).toContain("Lost with it: rootfs Data:102/vm-102-disk-0.raw (8G)");
    expect(text).toContain("guests.web.replaceUntil");
    expect(text).not.toMatch(/^\s+at .*\.(js|ts)/m);
    expect(code).not.toBe(0);
    expect(await createsOf("vzcreate", "102")).toBe(1);
  });

  it("replaces the container once that is allowed, the old one first", async () => {
    const day = new Date().toISOString().slice(0, 10);
    sandbox.edit(
      SITE,
      "        type: container\n",
      `        type: container\n        replaceUntil: "${day}"\n`,
    );
    const text = succeeded(sandbox.make("up"));
    expect(text).toContain("web");
    const types = (await lab.tasks()).filter((task) => task.id === "102").map((task) => task.type);
    expect(types.filter((type) => /create|destroy/.test(type))).toEqual([
      "vzcreate",
      "vzdestroy",
      "vzcreate",
    ]);
    const { data } = await lab.api("pve02", "GET", "/nodes/pve02/lxc/102/status/current");
    expect(data).toMatchObject({ status: "running" });
    sandbox.restore(SITE);
    changeTemplate();
  });

  it("stops before anything is created when a VMID is somebody else's", async () => {
    await lab.api("pve01", "POST", "/nodes/pve01/qemu", { vmid: "105", name: "stranger" });
    sandbox.edit(
      SITE,
      "        vmid: 101\n",
      "        vmid: 101\n      extra:\n        cores: 1\n        disks:\n          scsi0:\n            size: 1 GiB\n            storage: Data\n        memory: 512 MiB\n        node: pve01\n        os: l26\n        type: vm\n        vmid: 105\n",
    );
    const { code, text } = sandbox.pulumi("up", "--yes", "--skip-preview");
    sandbox.restore(SITE);
    changeTemplate();
    expect(text).toContain(
      "guests.extra: VMID 105 is taken by a VM on pve01 that this stack has not made.",
    );
    expect(code).not.toBe(0);
    expect(text).not.toMatch(/\d+ (created|updated)/);
    await lab.api("pve01", "DELETE", "/nodes/pve01/qemu/105");
  });

  it("lists every problem of the site file at once, without a stack trace", () => {
    sandbox.edit(SITE, "memory: 512 MiB", "memory: 512");
    sandbox.edit(SITE, "        vmid: 101\n", "        vmid: 100\n        colour: blue\n");
    sandbox.edit(SITE, "address: 192.168.18.200", "address: 10.0.0.200");
    const { code, text } = sandbox.pulumi("preview");
    sandbox.restore(SITE);
    changeTemplate();
    expect(text).toContain("Pulumi.dev.yaml has 4 problems:");
    expect(text).toContain("site.guests.ubuntu.memory: ");
    expect(text).toContain("site.guests.ubuntu.colour: unknown key");
    expect(text).toContain("site.guests.win2016.vmid: 100 is also the VMID of guests.ubuntu");
    expect(text).toContain("site.hosts.nas.address: 10.0.0.200 is not in the site's network");
    expect(text).not.toMatch(/^\s+at .*\.(js|ts)/m);
    expect(code).not.toBe(0);
  });

  it("refuses a secret inside the site and says where it belongs", () => {
    const key = "proxmox-ha:site.guests.web.notes";
    succeeded(sandbox.pulumi("config", "set", "--secret", "--path", key, "hush"));
    const { code, text } = sandbox.pulumi("preview");
    sandbox.restore(SITE);
    changeTemplate();
    expect(text).toContain("there is a secret inside proxmox-ha:site");
    expect(text).not.toContain("hush");
    expect(code).not.toBe(0);
  });
});

describe("secrets", () => {
  it("are none in plain text to the command that looks for them", () => {
    const text = succeeded(sandbox.ops("secrets"));
    expect(text).toMatch(
      /^No secret stands in plain text in the state of stack dev: \d+ resources/m,
    );
  });

  it("are nowhere in plain text: not in the state, not in what a run prints, not in process arguments", async () => {
    const exported = JSON.parse(
      sandbox.run(
        join(sandbox.root, "toolchain/bin/pulumi"),
        ["stack", "export", "--show-secrets"],
        {
          PULUMI_STACK: "dev",
        },
      ).text,
    ) as { deployment: { resources: Row[] } };
    const provider = exported.deployment.resources.find(
      (r) => r.type === "pulumi:providers:proxmoxve",
    );
    const { plaintext } = (provider?.inputs as Row).apiToken as { plaintext: string };
    const secret = (JSON.parse(plaintext) as string).split("=")[1] ?? "";
    expect(secret).toMatch(/^[0-9a-f-]{36}$/);
    const key = readFileSync(lab.host("pve01").ssh.key, "utf8").split("\n")[2] ?? "";
    expect(key.length).toBeGreaterThan(40);

    const run = sandbox.start("make", ["up"]);
    const seen: string[] = [];
    const watch = setInterval(
      () => seen.push(execFileSync("ps", ["axww", "-o", "args"], { encoding: "utf8" })),
      250,
    );
    await run.ended;
    clearInterval(watch);
    expect(seen.length).toBeGreaterThan(5);
    const state = sandbox.read(".state/.pulumi/stacks/proxmox-ha/dev.json");
    for (const [place, text] of [
      ["state", state],
      ["log", run.text()],
      ["processes", seen.join("\n")],
    ]) {
      expect({ place, leaks: text?.includes(secret) || text?.includes(key) }).toEqual({
        place,
        leaks: false,
      });
    }
  });
});

describe("a lost token", () => {
  it("is named by make up, and the command that it names repairs it", () => {
    lab.ssh("pve01", "pveum user token remove proxmox-ha-dev@pve pulumi-dev");
    const failed = sandbox.make("up");
    expect(failed.code).not.toBe(0);
    const [, command = ""] = /Make a new one: (.*)$/m.exec(failed.text) ?? [];
    expect(command).toBe("npm run -s ops -- token rotate --stack dev");
    const repaired = succeeded(sandbox.run("sh", ["-c", command]));
    expect(repaired).toContain("The token is new (generation 2");
    succeeded(sandbox.make("up"));
    succeeded(sandbox.pulumi("preview", "--refresh", "--expect-no-changes"));
  });
});

describe("with pve02 off, which was the endpoint before", () => {
  it("the site is quorate by the witness within 30 s, and writes work", async () => {
    const env = { PULUMI_STACK: "dev", PROXMOX_VE_ENDPOINT: lab.host("pve02").api ?? "" };
    succeeded(sandbox.run(join(sandbox.root, "toolchain/bin/pulumi"), ["preview"], env));
    succeeded(sandbox.labCommand("power", "pve02", "off"));
    await until("pve01 is alone and quorate", 30, () => {
      const status = lab.ssh("pve01", "pvecm status");
      return /Nodes: +1\n/.test(status) && /Quorate: +Yes/.test(status) ? status : undefined;
    });
    const answer = await lab.api("pve01", "PUT", "/cluster/backup/nightly", { comment: "written" });
    expect(answer.status).toBe(200);
    await lab.api("pve01", "PUT", "/cluster/backup/nightly", { delete: "comment" });
  });

  it("preview and a changing up work; what is on pve02 is left out and named", () => {
    const env = { PULUMI_STACK: "dev", PROXMOX_VE_ENDPOINT: lab.host("pve02").api ?? "" };
    const cli = join(sandbox.root, "toolchain/bin/pulumi");
    const preview = succeeded(sandbox.run(cli, ["preview"], env));
    expect(preview).toContain("pve02 does not answer, so web (VMID 102) is left out of this run.");
    sandbox.edit(SITE, 'schedule: "02:00"', 'schedule: "03:00"');
    const up = succeeded(sandbox.run(cli, ["up", "--yes"], env));
    expect(up).toMatch(/1 updated/);
  });

  it("a write without the witness fails with PVE's words, legibly", async () => {
    sandbox.labCommand("power", "nas", "off");
    // Nobody says goodbye for a host that loses its power: the heartbeat tells.
    await until("the witness's vote is gone", 30, () =>
      /Total votes: +1\n/.test(lab.ssh("pve01", "pvecm status")) ? true : undefined,
    );
    const answer = await lab.api("pve01", "PUT", "/cluster/backup/nightly", { schedule: "05:00" });
    expect([answer.status, answer.reason]).toEqual([
      500,
      "cfs-lock 'file-jobs_cfg' error: no quorum!",
    ]);
    sandbox.edit(SITE, 'schedule: "03:00"', 'schedule: "04:00"');
    const { code, text } = sandbox.pulumi("up", "--yes", "--skip-preview");
    sandbox.edit(SITE, 'schedule: "04:00"', 'schedule: "03:00"');
    expect(text).toContain("No node has quorum. Reading works through pve01");
    expect(text).toContain("cfs-lock 'file-jobs_cfg' error: no quorum!");
    expect(code).not.toBe(0);
    sandbox.labCommand("power", "nas", "on");
    await until("the witness votes again", 30, () =>
      /Total votes: +2\n/.test(lab.ssh("pve01", "pvecm status")) ? true : undefined,
    );
  });

  it("destroy removes all but what pve02 has, and the rest once it is back", async () => {
    const first = succeeded(sandbox.pulumi("destroy", "--yes"));
    expect(first).toContain("web (VMID 102) is left out of this run.");
    sandbox.labCommand("power", "pve02", "on");
    await until("pve02 is back", 30, () =>
      /Nodes: +2\n/.test(lab.ssh("pve01", "pvecm status")) ? true : undefined,
    );
    succeeded(sandbox.pulumi("destroy", "--yes"));
    const { data } = await lab.api("pve01", "GET", "/cluster/resources?type=vm");
    expect(data).toEqual([]);
    const options = await lab.api("pve01", "GET", "/cluster/options");
    expect(options.data).toMatchObject({ bwlimit: "default=30517" });
  });
});

describe("make down and make up", () => {
  it("builds everything again on the cluster that was left", async () => {
    sandbox.restore(SITE);
    succeeded(sandbox.make("up"));
    const down = succeeded(sandbox.make("down"));
    expect(down).toContain("Left as it is: the cluster mizar (pve01, pve02)");
    expect(down).toContain("the lab is stopped");
    expect(sandbox.gitStatus()).toBe("");
    sandbox.labCommand("start");
    expect(lab.ssh("pve01", "pveum user list --output-format json")).not.toContain(
      "proxmox-ha-dev",
    );
    succeeded(sandbox.make("up"));
    succeeded(sandbox.pulumi("preview", "--refresh", "--expect-no-changes"));
  });
});

function moveDiskToLocal(): void {
  sandbox.edit(
    SITE,
    "            size: 40 GiB\n            storage: Data",
    "            size: 40 GiB\n            storage: local-lvm",
  );
}

function changeTemplate(): void {
  sandbox.edit(
    SITE,
    "debian-13-standard_13.1-2_amd64.tar.zst",
    "ubuntu-24.04-standard_24.04-2_amd64.tar.zst",
  );
}

async function createsOf(type: string, id: string): Promise<number> {
  return (await lab.tasks()).filter((task) => task.type === type && task.id === id).length;
}
