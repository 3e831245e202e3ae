import { readArguments, stackName } from "../../../toolchain/launcher/arguments";

const read = (line: string, environment: NodeJS.ProcessEnv = {}) =>
  readArguments(line.split(" ").filter(Boolean), environment);

describe("the command", () => {
  it.each([
    ["up", "up"],
    ["up --yes", "up"],
    ["--color never up", "up"],
    ["--cwd elsewhere preview", "preview"],
    ["-C elsewhere preview", "preview"],
    ["--cwd=elsewhere preview", "preview"],
    ["-v 9 --logtostderr --logflow up", "up"],
    ["-e -Q --non-interactive up", "up"],
    ["--tracing file:trace destroy", "destroy"],
    ["--stack dev up", "up"],
    ["-s dev up", "up"],
    ["-s=dev up", "up"],
    ["-sdev up", "up"],
    ["--policy-pack policy up", "up"],
    ["stack export", "stack"],
  ])("of %j is %s", (line, command) => {
    expect(read(line).command).toBe(command);
  });

  it.each(["", "--version", "--color never", "-- up"])("of %j is none", (line) => {
    expect(read(line)).toEqual({ command: undefined, stack: undefined, touchesSite: false });
  });
});

describe("the stack", () => {
  it.each([
    ["--stack prod"],
    ["--stack=prod"],
    ["-s prod"],
    ["-s=prod"],
    ["-sprod"],
    ["-ys prod"],
    ["-yfs=prod"],
    ["-rsprod"],
    ["--stack acme/proxmox-ha/prod"],
    ["-s acme/prod"],
    ["--stack dev --stack prod"],
  ])("is named by up %s", (flags) => {
    expect(read(`up ${flags}`, { PULUMI_STACK: "dev" }).stack).toBe("prod");
  });

  it("is named by a flag before the command too", () => {
    expect(read("--stack prod up", { PULUMI_STACK: "dev" }).stack).toBe("prod");
  });

  it.each([
    ["stack init prod"],
    ["stack init --no-select prod"],
    ["stack init --secrets-provider passphrase acme/prod"],
    ["stack select -c prod"],
    ["stack rm --yes --force prod"],
    ["stack rm prod --yes"],
    ["cancel prod"],
    ["cancel --yes prod"],
  ])("is the one that %s is about, whatever the environment says", (line) => {
    expect(read(line, { PULUMI_STACK: "dev" }).stack).toBe("prod");
  });

  it.each(["up", "up --show-sames", "stack ls", "stack rename other", "config set key -- -s"])(
    "comes from the environment for %s",
    (line) => {
      expect(read(line, { PULUMI_STACK: "acme/proxmox-ha/dev" }).stack).toBe("dev");
    },
  );

  it.each([{}, { PULUMI_STACK: "" }])("is unknown without either (%j)", (environment) => {
    expect(read("up", environment).stack).toBeUndefined();
  });

  it("of a full name is its last part", () => {
    expect(stackName("acme/proxmox-ha/prod")).toBe("prod");
    expect(stackName("prod")).toBe("prod");
  });
});

describe("the site", () => {
  it.each(
    ["preview", "pre", "up", "update", "refresh", "destroy", "down", "dn", "import", "watch"].map(
      (command) => [command],
    ),
  )("is touched by %s", (command) => {
    expect(read(`--stack dev ${command} --diff`).touchesSite).toBe(true);
  });

  it.each([["stack"], ["config set up 1"], ["version"], ["help up"], ["login"]])(
    "is not touched by %s",
    (line) => {
      expect(read(line).touchesSite).toBe(false);
    },
  );

  it.each([["up --help"], ["up -h"], ["--help destroy"]])("is not touched by %s", (line) => {
    expect(read(line).touchesSite).toBe(false);
  });
});
