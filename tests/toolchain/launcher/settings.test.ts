import { LauncherError } from "../../../toolchain/launcher/errors";
import type { GuestReport } from "../../../toolchain/launcher/probe";
import { settingsFor } from "../../../toolchain/launcher/settings";
import { type StandInHost, startHost } from "./support/node";
import { printed } from "./support/output";
import { DEV, Project } from "./support/project";
import { AUTHORITY, BARE, members, report, STANDALONE, urnOf } from "./support/reports";

let project: Project;
let pve01: StandInHost;
let pve02: StandInHost;
/** What both nodes answer. */
let answer: string;

beforeAll(async () => {
  pve01 = await startHost(() => ({ stdout: answer }));
  pve02 = await startHost(() => ({ stdout: answer }));
});
afterAll(() => Promise.all([pve01.stop(), pve02.stop()]));
beforeEach(() => {
  project = new Project();
  project.lab({ pve01, pve02 });
  answer = report({});
});
afterEach(() => project.dispose());

const settings = (line: string, environment: NodeJS.ProcessEnv = {}) =>
  settingsFor(line.split(" "), { PATH: "/bin", ...environment }, project.root);

describe("the tools", () => {
  it("are those of this clone's build, with a home of their own and no plugin from elsewhere", async () => {
    const { variables, args } = await settings("version");
    expect(args).toEqual(["version"]);
    expect(variables).toEqual({
      PROXMOX_HA_CLI: project.cli,
      PROXMOX_HA_ROOT: project.root,
      PATH: `${project.path("tools/bin")}:/bin`,
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_HOME: project.path("tools"),
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    });
  });

  it("are the user's own with TOOLCHAIN=system: his home, his PATH, his plugins", async () => {
    project.tools({ cli: project.cli, path: [] });
    expect((await settings("version")).variables).toEqual({
      PROXMOX_HA_CLI: project.cli,
      PROXMOX_HA_ROOT: project.root,
      PATH: "/bin",
      PULUMI_SKIP_UPDATE_CHECK: "true",
    });
  });

  it.each([
    ["missing", undefined],
    ["cut off", '{"cli": "/x'],
  ])("are asked to be built when their record is %s", async (_, text) => {
    if (text === undefined) project.tools("");
    project.write(".stamps/toolchain.json", text ?? "");
    await expect(settings("version")).rejects.toThrow(LauncherError);
    await expect(settings("version")).rejects.toThrow(
      /^The tools are not built yet\. Build them: make toolchain$/,
    );
  });

  it("are asked to be made again when somebody has emptied the cache", async () => {
    project.tools({ cli: "/nowhere/bin/pulumi", path: [] });
    const stamp = project.path(".stamps/toolchain.json");
    await expect(settings("version")).rejects.toThrow(
      `The tools are gone: there is no /nowhere/bin/pulumi. Make them again: rm ${stamp} && make toolchain`,
    );
  });
});

describe("backend and passphrase", () => {
  it("of the lab's stack are the clone's", async () => {
    const { variables } = await settings("stack ls", { PULUMI_STACK: "dev" });
    expect(variables).toMatchObject({
      PULUMI_BACKEND_URL: `file://${project.path(".state")}`,
      PULUMI_CONFIG_PASSPHRASE: "lab",
    });
    expect(project.has(".state")).toBe(true);
  });

  it("of the lab's stack are the operator's where he sets them", async () => {
    const own = { PULUMI_BACKEND_URL: "file:///elsewhere", PULUMI_CONFIG_PASSPHRASE: "mine" };
    expect((await settings("stack ls --stack dev", own)).variables).toMatchObject(own);
  });

  it.each(["stack ls --stack prod", "stack init prod", "up --stack prod --help"])(
    "of prod are left to its team in %s",
    async (line) => {
      project.write("Pulumi.prod.yaml", DEV.replace('lab: "true"', 'protect: "true"'));
      const { variables } = await settings(line, { PULUMI_STACK: "dev" });
      expect(Object.keys(variables).filter((name) => /BACKEND|PASSPHRASE/.test(name))).toEqual([]);
      expect(project.has(".state")).toBe(false);
    },
  );

  it("of a stack without a file are nobody's: it may still be listed or removed", async () => {
    const { variables } = await settings("stack rm old", { PULUMI_STACK: "dev" });
    expect(variables).not.toHaveProperty("PULUMI_BACKEND_URL");
  });

  it("are not guessed from a file that cannot be read", async () => {
    project.write("Pulumi.dev.yaml", "config: [");
    await expect(settings("stack ls --stack dev")).rejects.toThrow(
      "Pulumi.dev.yaml is not valid YAML",
    );
  });
});

describe("the site", () => {
  it("is reached through a node that answers, with its certificates and what is known", async () => {
    const { variables, args } = await settings("preview --stack dev --diff");
    expect(args).toEqual(["preview", "--stack", "dev", "--diff"]);
    expect(variables).toMatchObject({
      PROXMOX_VE_ENDPOINT: `https://127.0.0.1:${pve01.port}`,
      SSL_CERT_FILE: project.path(".stamps/ca-dev.pem"),
      PROXMOX_HA_INVENTORY: project.path(".stamps/inventory-dev.json"),
    });
    expect(project.read(".stamps/ca-dev.pem")).toContain(AUTHORITY);
    const { guests } = JSON.parse(project.read(".stamps/inventory-dev.json")) as {
      guests: GuestReport[];
    };
    expect(guests.map(({ vmid }) => vmid)).toEqual([100, 102]);
    const connections = JSON.parse(variables.PROXMOX_HA_CONNECTIONS ?? "") as object;
    expect(Object.keys(connections)).toEqual(["pve01", "pve02", "nas"]);
  });

  it("is reached through the node that is wished for, if that is one of the site's", async () => {
    const wish = `https://127.0.0.1:${pve02.port}`;
    const wished = await settings("up --stack dev", { PROXMOX_VE_ENDPOINT: wish });
    expect(wished.variables.PROXMOX_VE_ENDPOINT).toBe(wish);
    const other = await settings("up --stack dev", { PROXMOX_VE_ENDPOINT: "https://else:8006" });
    expect(other.variables.PROXMOX_VE_ENDPOINT).toBe(`https://127.0.0.1:${pve01.port}`);
  });

  it.each(["stack export --stack dev", "up --stack dev --help", "up"])(
    "is not asked for %s",
    async (line) => {
      const asked = pve01.commands.length;
      expect((await settings(line)).variables).not.toHaveProperty("PROXMOX_VE_ENDPOINT");
      expect(pve01.commands).toHaveLength(asked);
    },
  );

  it("is refused for a stack without a file, in one sentence", async () => {
    await expect(settings("up --stack nope")).rejects.toThrow(
      "There is no Pulumi.nope.yaml, so the hosts of stack nope are unknown.",
    );
  });

  it.each(["preview", "update", "dn"])(
    "is left out by %s where a node does not answer, and that is noted",
    async (command) => {
      answer = report({ members: members(true, false) });
      const { args, leftOut } = await settings(`${command} --stack dev`);
      const firewall = "**proxmox-ha:firewall:NodeFirewall$**::pve02";
      const leaving = ["--exclude", firewall, "--exclude", urnOf("win2016")];
      expect(args).toEqual([command, "--stack", "dev", ...leaving]);
      expect(leftOut).toEqual([{ node: "pve02", name: "win2016", vmid: 100 }]);
    },
  );

  it("is left out as well where a node has just gone and still counts as online", async () => {
    const stopped = await startHost(() => ({}));
    await stopped.stop();
    project.lab({ pve01, pve02: stopped });
    const { args, leftOut } = await settings("up --stack dev");
    expect(args.slice(-2)).toEqual(["--exclude", urnOf("win2016")]);
    expect(leftOut).toHaveLength(1);
  });

  it.each([
    ["--target", "urn:x"],
    ["--target=urn:x", "--target-dependents"],
    ["-t", "urn:x"],
  ])("is not narrowed further where targets are named: %s %s", async (...flags) => {
    answer = report({ members: members(true, false) });
    const args = ["up", "--stack", "dev", ...flags];
    const narrowed = await settings(args.join(" "));
    expect(narrowed).toMatchObject({ args, leftOut: [] });
  });

  it("is narrowed where a flag only sounds like it", async () => {
    answer = report({ members: members(true, false) });
    const { args } = await settings("up --stack dev --target-dependents");
    expect(args.slice(-2)).toEqual(["--exclude", urnOf("win2016")]);
  });

  it("is left alone by commands that can leave nothing out", async () => {
    answer = report({ members: members(true, false) });
    expect((await settings("import --stack dev")).args).toEqual(["import", "--stack", "dev"]);
  });

  it("without quorum is worked with all the same, and that is said", async () => {
    answer = report({ members: members(false) });
    const text = await printed(process.stderr, () => settings("preview --stack dev"));
    expect(text).toContain("No node has quorum. Reading works through pve01");
  });

  it("of which no node answers is refused with each node's reason, and for a lab with what to do", async () => {
    const stopped = await startHost(() => ({}));
    await stopped.stop();
    project.lab({ pve01: stopped, pve02: { ...pve02, hostKey: pve01.hostKey } });
    await expect(settings("up --stack dev")).rejects.toThrow(LauncherError);
    await expect(settings("up --stack dev")).rejects.toThrow(
      "No node answers over SSH:\n" +
        `  pve01: connect ECONNREFUSED 127.0.0.1:${stopped.port}\n` +
        "  pve02: its host key is not the pinned one\n" +
        "Does the lab run? npm run -s lab -- status; start it: npm run -s lab -- start",
    );
  });

  it("without nodes is refused", async () => {
    project.write("Pulumi.dev.yaml", 'config: { proxmox-ha:lab: "true" }\n');
    await expect(settings("up --stack dev")).rejects.toThrow(LauncherError);
    await expect(settings("up --stack dev")).rejects.toThrow(
      /^Pulumi\.dev\.yaml: proxmox-ha:site\.nodes is missing or empty, so there is no node to ask\.$/,
    );
  });

  it.each(["", "config:\n", "proxmox-ha:lab: true\n"])(
    "is refused with the key that is missing where the file is %j",
    async (text) => {
      project.write("Pulumi.prod.yaml", text);
      await expect(settings("preview --stack organization/proxmox-ha/prod")).rejects.toThrow(
        /^Pulumi\.prod\.yaml: proxmox-ha:site\.nodes is missing or empty, so there is no node to ask\.$/,
      );
    },
  );

  it("whose nodes the lab does not have is refused", async () => {
    project.lab({ other: pve01 });
    await expect(settings("up --stack dev")).rejects.toThrow(
      "Pulumi.dev.yaml: proxmox-ha:site.nodes names pve01, pve02, but the lab has none of them. " +
        "See what it has: npm run -s lab -- status",
    );
  });

  it.each(["preview", "up", "refresh", "destroy"])(
    "whose nodes are in another cluster is refused by %s, with both names and what to do",
    async (command) => {
      answer = report({ members: members(true, true, "alcor") });
      const refused = settings(`${command} --stack dev`);
      await expect(refused).rejects.toThrow(LauncherError);
      await expect(refused).rejects.toThrow(
        "pve01 is in cluster alcor, but Pulumi.dev.yaml says mizar (proxmox-ha:site.cluster.name). " +
          "A cluster's name is permanent.\nSet it to alcor if that is the cluster you mean; " +
          "else begin anew with an empty lab: npm run -s lab -- reset; rm -r .state",
      );
    },
  );

  it("that has lost a node which is still a member is told by which command it leaves", async () => {
    project.write("Pulumi.dev.yaml", DEV.replace(/ *pve02: .*\n/, ""));
    const text = await printed(process.stderr, () => settings("up --stack dev"));
    expect(text).toBe(
      "pve02 is a member of cluster mizar, but Pulumi.dev.yaml does not name it. It stays a member, with its vote, until: " +
        "npm run -s ops -- node remove pve02 --stack dev\n",
    );
  });

  it("is the program's to refuse where the file names no cluster", async () => {
    project.write("Pulumi.dev.yaml", DEV.replace("{ name: mizar, founder: pve01 }", "{}"));
    expect((await settings("up --stack dev")).variables).toHaveProperty("PROXMOX_VE_ENDPOINT");
  });
});

describe("a site that is no cluster yet", () => {
  const endpointOf = (host: StandInHost): string => `https://127.0.0.1:${host.port}`;
  let bare: StandInHost;
  /** What pve01 answers. */
  let first: string;
  beforeAll(async () => {
    bare = await startHost(() => ({ stdout: first }));
  });
  afterAll(() => bare.stop());
  beforeEach(() => {
    first = BARE;
    project.lab({ pve01: bare, pve02 });
    answer = BARE;
  });

  it("of bare hosts has no certificates of its own and no guests; the program is told where to add them", async () => {
    const { variables, cluster, args, leftOut } = await settings("up --stack dev");
    expect(variables).toMatchObject({
      PROXMOX_VE_ENDPOINT: endpointOf(bare),
      SSL_CERT_FILE: project.path(".stamps/ca-dev.pem"),
      PROXMOX_HA_BUNDLE: project.path(".stamps/ca-dev.pem"),
    });
    expect(project.read(".stamps/ca-dev.pem")).not.toContain(AUTHORITY);
    expect(project.read(".stamps/ca-dev.pem")).toContain("BEGIN CERTIFICATE");
    expect(JSON.parse(project.read(".stamps/inventory-dev.json"))).toEqual({
      guests: [],
      storages: [],
    });
    expect({ cluster, args, leftOut }).toEqual({ args: ["up", "--stack", "dev"], leftOut: [] });
  });

  it("forgets the certificates of a cluster that was there before", async () => {
    first = report({});
    await settings("up --stack dev");
    first = BARE;
    await settings("up --stack dev");
    expect(project.read(".stamps/ca-dev.pem")).not.toContain(AUTHORITY);
  });

  it("is worked on through its founder, though another runs Proxmox VE and comes first in the file", async () => {
    project.write("Pulumi.dev.yaml", DEV.replace("founder: pve01", "founder: pve02"));
    first = report({ members: STANDALONE });
    const { variables } = await settings("preview --stack dev");
    expect(variables).toMatchObject({
      PROXMOX_VE_ENDPOINT: endpointOf(pve02),
      PROXMOX_HA_BUNDLE: project.path(".stamps/ca-dev.pem"),
    });
  });

  it("is trusted from the start where the founder runs Proxmox VE", async () => {
    first = report({ members: STANDALONE });
    const { variables } = await settings("preview --stack dev");
    expect(variables).not.toHaveProperty("PROXMOX_HA_BUNDLE");
    expect(project.read(".stamps/ca-dev.pem")).toContain(AUTHORITY);
  });

  it("is worked on through a member where the founder was installed anew", async () => {
    answer = report({});
    const { variables, cluster } = await settings("up --stack dev");
    expect(variables.PROXMOX_VE_ENDPOINT).toBe(endpointOf(pve02));
    expect(variables).not.toHaveProperty("PROXMOX_HA_BUNDLE");
    expect(cluster).toBe("mizar");
  });

  it("cannot be worked on while its founder is silent", async () => {
    const stopped = await startHost(() => ({}));
    await stopped.stop();
    project.lab({ pve01: stopped, pve02 });
    await expect(settings("up --stack dev")).rejects.toThrow(LauncherError);
    await expect(settings("up --stack dev")).rejects.toThrow(
      "pve01 does not answer over SSH. It is to create cluster mizar, in which no other node is:\n" +
        `  pve01: connect ECONNREFUSED 127.0.0.1:${stopped.port}\n`,
    );
  });

  it.each([
    ["cluster: { name: mizar, founder: pve03 }", "pve03"],
    ["cluster: { name: mizar }", "nobody"],
  ])("cannot be worked on without a founder among its nodes: %s", async (line, named) => {
    project.write("Pulumi.dev.yaml", DEV.replace(/cluster: .*/, line));
    await expect(settings("up --stack dev")).rejects.toThrow(
      `No node is in cluster mizar yet, and the one to create it is none of pve01, pve02: ${named}. ` +
        "Correct Pulumi.dev.yaml: proxmox-ha:site.cluster.founder",
    );
  });
});
