import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { resolve } from "node:path";
import { Project } from "../launcher/support/project";

const SCRIPT = resolve(__dirname, "../../../toolchain/prerequisites.sh");

/** What each program answers when it is new enough. */
const GOOD = {
  git: "git version 2.47.3",
  node: "v20.20.2",
  npm: "10.8.2",
  go: "go version go1.26.1 linux/amd64",
  pulumi: "v3.220.0",
};
type Programs = Partial<Record<keyof typeof GOOD, string>>;

const ADVICE = {
  git: "Debian: apt-get install git",
  node: "See https://nodejs.org for a release from 20 on; Debian 13: apt-get install nodejs npm",
  npm: "It comes with Node.js; Debian: apt-get install npm",
  go: "See https://go.dev/doc/install",
  pulumi: "See https://www.pulumi.com/docs/install, or unset TOOLCHAIN to build it here",
};

let project: Project;
beforeEach(() => {
  project = new Project();
  mkdirSync(project.path("bin"));
  // What the script itself is written with.
  for (const tool of ["sh", "sed", "sort", "head"]) {
    const found = execFileSync("sh", ["-c", `command -v ${tool}`], { encoding: "utf8" }).trim();
    symlinkSync(found, project.path(`bin/${tool}`));
  }
});
afterEach(() => project.dispose());

/** Runs the script where only these programs are installed. */
function check(programs: Programs, environment: Record<string, string> = {}) {
  for (const [name, answer] of Object.entries(programs)) {
    project.write(`bin/${name}`, `#!/bin/sh\necho '${answer}'\n`, 0o755);
  }
  const env = { PATH: project.path("bin"), ...environment };
  const { status, stdout, stderr } = spawnSync(project.path("bin/sh"), [SCRIPT], {
    env,
    encoding: "utf8",
  });
  return { status, stdout, lines: stderr.split("\n").filter(Boolean) };
}
const { pulumi, ...BUILDING } = GOOD;
const { go, ...SHARED } = BUILDING;
const FINE = { status: 0, stdout: "", lines: [] };

describe("the prerequisites", () => {
  it("are silent when all is there", () => {
    expect(check(BUILDING)).toEqual(FINE);
  });

  it("are an installed pulumi instead of Go with TOOLCHAIN=system", () => {
    expect(check({ ...SHARED, pulumi }, { TOOLCHAIN: "system" })).toEqual(FINE);
  });

  it("are named all at once when they are missing, each with what to install", () => {
    const { status, lines } = check({});
    expect(lines).toEqual(
      (["git", "node", "npm", "go"] as const).map((name) => `${name} is missing. ${ADVICE[name]}`),
    );
    expect(status).toBe(1);
  });

  it("name a missing pulumi, and no Go, with TOOLCHAIN=system", () => {
    const { status, lines } = check(SHARED, { TOOLCHAIN: "system" });
    expect(lines).toEqual([`pulumi is missing. ${ADVICE.pulumi}`]);
    expect(status).toBe(1);
  });

  it.each([
    ["git", "git version 1.9.5", "1.9", "2.0"],
    ["node", "v18.20.4", "18.20", "20.0"],
    ["node", "v9.11.2", "9.11", "20.0"],
    ["npm", "8.19.4", "8.19", "9.0"],
    ["go", "go version go1.25.11 linux/amd64", "1.25", "1.26"],
    ["go", "go version go1.9 linux/amd64", "1.9", "1.26"],
  ] as const)("name a %s that is too old (%s)", (name, answer, have, wanted) => {
    expect(check({ ...BUILDING, [name]: answer })).toEqual({
      status: 1,
      stdout: "",
      lines: [`${name} is version ${have}, but ${wanted} or newer is needed. ${ADVICE[name]}`],
    });
  });

  it("name a pulumi that is too old", () => {
    const { lines } = check({ ...SHARED, pulumi: "v3.99.0" }, { TOOLCHAIN: "system" });
    expect(lines).toEqual([
      `pulumi is version 3.99, but 3.220 or newer is needed. ${ADVICE.pulumi}`,
    ]);
  });

  it("name what is missing and what is too old together", () => {
    const { status, lines } = check({ git: "git version 1.8.0", npm: "10.0.0", go });
    expect(lines.map((line) => line.split(".")[0])).toEqual([
      "git is version 1",
      "node is missing",
    ]);
    expect(status).toBe(1);
  });

  it.each([
    ["git", "git version 2.39.5 (Apple Git-154)"],
    ["node", "v100.1.0"],
    ["go", "go version go1.100.0 linux/arm64"],
    ["go", "go version go1.27rc1 linux/amd64"],
    ["go", "go version devel go1.27-abc123 Thu Jan 1 00:00:00 2026 +0000 linux/amd64"],
    ["go", "go version go2.0 linux/amd64"],
    ["npm", "11.0.0"],
  ])("take a %s of another kind (%s)", (name, answer) => {
    expect(check({ ...BUILDING, [name]: answer })).toEqual(FINE);
  });

  it("ask Go for the version that is installed, not one that it would fetch", () => {
    project.write(
      "bin/go",
      '#!/bin/sh\n[ "$GOTOOLCHAIN" = local ] && echo "go version go1.26.0"\n',
      0o755,
    );
    expect(check(SHARED)).toEqual(FINE);
  });

  it("name a program that cannot say its version as missing", () => {
    expect(check({ ...BUILDING, node: "Segmentation fault" }).lines).toEqual([
      `node is missing. ${ADVICE.node}`,
    ]);
  });
});
