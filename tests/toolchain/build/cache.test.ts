import { existsSync, readdirSync, rmSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { cached, cacheRoot, sourceHash } from "../../../toolchain/build/cache";
import { Project } from "../launcher/support/project";

let project: Project;
beforeEach(() => {
  project = new Project();
});
afterEach(() => project.dispose());

describe("the cache", () => {
  it.each([
    [{ PROXMOX_HA_CACHE: "/own", XDG_CACHE_HOME: "/xdg" }, "/own"],
    [{ XDG_CACHE_HOME: "/xdg" }, "/xdg/proxmox-ha"],
    [{ PROXMOX_HA_CACHE: "", XDG_CACHE_HOME: "" }, join(homedir(), ".cache/proxmox-ha")],
    [{}, join(homedir(), ".cache/proxmox-ha")],
  ])("of %j is %s", (environment, root) => {
    expect(cacheRoot(environment)).toBe(root);
  });
});

describe("the hash of sources", () => {
  const FILES: Record<string, string> = {
    "src/b.ts": "b",
    "src/a.ts": "a",
    "src/sub/c.ts": "c",
    "versions.json": "{}",
  };
  const hash = (sources = ["src", "versions.json"]) => sourceHash(project.root, sources);
  const write = (files: Record<string, string>): void => {
    for (const [name, text] of Object.entries(files)) project.write(name, text);
  };
  let before: string;
  beforeEach(async () => {
    write(FILES);
    before = await hash();
  });

  it("is short, and the same wherever and in whatever order the files were made", async () => {
    expect(before).toMatch(/^[0-9a-f]{16}$/);
    const other = new Project();
    for (const [name, text] of Object.entries(FILES).reverse()) other.write(name, text);
    expect(await sourceHash(other.root, ["src", "versions.json"])).toBe(before);
    other.dispose();
  });

  it.each([
    ["a file's content", { "src/sub/c.ts": "C" }],
    ["a single file's content", { "versions.json": '{"go": 1}' }],
    ["a new file", { "src/sub/d.ts": "" }],
  ])("changes with %s", async (_, files) => {
    write(files);
    expect(await hash()).not.toBe(before);
  });

  it("changes with a file's name and place", async () => {
    rmSync(project.path("src/sub/c.ts"));
    const without = await hash();
    write({ "src/sub/d.ts": "c" });
    const renamed = await hash();
    rmSync(project.path("src/sub/d.ts"));
    write({ "src/c.ts": "c" });
    expect(new Set([before, without, renamed, await hash()]).size).toBe(4);
  });

  it("does not change with anything else: other files, packages, times", async () => {
    write({ "other/x.ts": "x", "src/node_modules/p/index.js": "p", "src/sub/node_modules/q": "q" });
    write(FILES);
    expect(await hash()).toBe(before);
  });

  it("fails on a source that is not there", async () => {
    await expect(hash(["src", "gone"])).rejects.toThrow("ENOENT");
  });
});

describe("a build into the cache", () => {
  const path = () => project.path("cache/tool-0123");
  const left = () => readdirSync(project.path("cache"));
  const build = (text: string) => (out: string) => writeFile(join(out, "tool"), text);

  it("happens once", async () => {
    expect(await cached(path(), build("one"))).toBe("built");
    expect(await cached(path(), build("two"))).toBe("found");
    expect(project.read("cache/tool-0123/tool")).toBe("one");
    expect(left()).toEqual(["tool-0123"]);
  });

  it("shows its result under its name only when it is complete", async () => {
    await cached(path(), async (out) => {
      await build("half")(out);
      expect(existsSync(path())).toBe(false);
    });
    expect(existsSync(path())).toBe(true);
  });

  it("that fails leaves nothing, and may be tried again", async () => {
    const failing = cached(path(), async (out) => {
      await build("half")(out);
      await mkdir(join(out, "sub"));
      throw new Error("no compiler");
    });
    await expect(failing).rejects.toThrow("no compiler");
    expect(left()).toEqual([]);
    expect(await cached(path(), build("whole"))).toBe("built");
  });

  it("may run in several clones at once: one result stays, whole, and nobody fails", async () => {
    let waiting = 0;
    let allThere: () => void;
    const together = new Promise<void>((resolve) => {
      allThere = resolve;
    });
    const slow = (text: string) => async (out: string) => {
      await build(text)(out);
      if (++waiting === 3) allThere();
      await together;
    };
    const builds = ["one", "two", "three"].map((text) => cached(path(), slow(text)));
    expect(await Promise.all(builds)).toEqual(["built", "built", "built"]);
    expect(left()).toEqual(["tool-0123"]);
    expect(["one", "two", "three"]).toContain(project.read("cache/tool-0123/tool"));
  });
});
