import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { placeIn } from "../../../ops/review/place";
import { Runner } from "../../../ops/review/runner";
import { checkOutBase, copyHead, equip, findBase } from "../../../ops/review/trees";

const folder = mkdtempSync(join(tmpdir(), "proxmox-ha-trees-"));
afterAll(() => rmSync(folder, { recursive: true }));

const runner = new Runner();
const root = join(folder, "clone");
const nowhere = join(folder, "nowhere");
const git = (...args: string[]): string =>
  execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@localhost", ...args], {
    cwd: root,
    encoding: "utf8",
  }).trim();

function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

beforeAll(() => {
  put(join(root, "kept"), "kept");
  put(join(root, ".gitignore"), "ignored\n");
  mkdirSync(nowhere);
  git("init", "-q");
  git("add", ".");
  git("commit", "-qm", "base");
});
afterEach(() => {
  delete process.env.GIT_TRACE;
});

describe("the base of a review", () => {
  it("is read from what git answers, not from what it warns of", async () => {
    process.env.GIT_TRACE = "1";
    expect(await findBase(runner, root, "HEAD")).toEqual({
      ref: "HEAD",
      commit: git("rev-parse", "HEAD"),
    });
  });

  it("that git does not know is told in git's words", async () => {
    await expect(findBase(runner, root, "origin/main")).rejects.toThrow(
      /have no commit in common here\. [\s\S]*\nfatal: Not a valid object name origin\/main/,
    );
    await expect(checkOutBase(runner, placeIn(root, folder), "0".repeat(40))).rejects.toThrow(
      /^git worktree add failed:\nfatal: /,
    );
  });
});

describe("the copy of the work tree", () => {
  it("has what git would take, whatever git warns of", async () => {
    put(join(root, "new/file"), "new");
    put(join(root, "ignored"), "secret");
    process.env.GIT_TRACE = "1";
    const place = placeIn(root, folder);
    await copyHead(runner, place);
    expect(readdirSync(place.head, { recursive: true }).sort()).toEqual([
      ...[".gitignore", "kept", "new", "new/file"],
    ]);
  });

  it("of no clone is told in git's words", async () => {
    await expect(copyHead(runner, placeIn(nowhere, folder))).rejects.toThrow(
      /^git ls-files failed:\nfatal: not a git repository/,
    );
  });
});

describe("the tools of a tree", () => {
  it("are built by its own code, without what opens the caller's state", async () => {
    const tree = join(folder, "tree");
    put(join(root, "package-lock.json"), "{}");
    put(join(tree, "package-lock.json"), "{}");
    symlinkSync(join(__dirname, "../../../node_modules"), join(root, "node_modules"));
    put(
      join(tree, "toolchain/build/main.ts"),
      'import { writeFileSync } from "node:fs"; writeFileSync("seen", Object.keys(process.env).join(" "));',
    );
    const given = { PULUMI_CONFIG_PASSPHRASE: "hush", PROXMOX_HA_CACHE: "/cache" };
    Object.assign(process.env, given);
    try {
      await equip(runner, root, tree);
    } finally {
      for (const name of Object.keys(given)) delete process.env[name];
    }
    const seen = readFileSync(join(tree, "seen"), "utf8").split(" ");
    expect(seen).toContain("PROXMOX_HA_CACHE");
    expect(seen.filter((name) => name.startsWith("PULUMI_"))).toEqual([]);
  });
});
