import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

const ROOT = resolve(__dirname, "../../..");
const RUNNERS = join(ROOT, "toolchain/runners");

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "proxmox-ha-runners-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function run(program: string, args: string[], cwd = folder, env: Record<string, string> = {}) {
  const options = { cwd, encoding: "utf8", env: { ...process.env, ...env } } as const;
  const { status, stdout, stderr } = spawnSync(program, args, options);
  return { status, stdout, text: `${stdout}${stderr}` };
}

/** What some JavaScript prints after the runners have prepared the SDK of this project. */
function afterStart(script: string, env: Record<string, string> = {}): unknown {
  const start = JSON.stringify(join(RUNNERS, "start.cjs"));
  const all = `const { fromHere, lean, withTsx } = require(${start}); ${script}`;
  const { status, stdout, text } = run(process.execPath, ["-e", all], ROOT, env);
  if (status !== 0) throw new Error(text);
  return JSON.parse(stdout);
}

/** The packages of which something was loaded. */
const LOADED = `const loaded = (name) =>
  Object.keys(require.cache).filter((path) => path.includes("/node_modules/" + name + "/")).length > 1;`;

describe("the language host", () => {
  it("is the one that was built, told to run programs with the file beside it", () => {
    cpSync(join(RUNNERS, "pulumi-language-nodejs"), join(folder, "pulumi-language-nodejs"));
    const host = join(folder, "pulumi-language-nodejs-host");
    writeFileSync(host, '#!/bin/sh\necho "$PULUMI_LANGUAGE_NODEJS_RUN_PATH $*"\n');
    chmodSync(host, 0o755);
    expect(run(join(folder, "pulumi-language-nodejs"), ["127.0.0.1:1", "more"])).toMatchObject({
      status: 0,
      text: `${folder}/runProgram.cjs 127.0.0.1:1 more\n`,
    });
  });
});

describe("a program", () => {
  /** What a program says that an SDK runs which is no more than its entrance. */
  function said(source: string, ...packages: string[]): string {
    const write = (path: string, text: string): void => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    };
    const sdk = "node_modules/@pulumi/pulumi";
    write(`${sdk}/package.json`, '{ "main": "index.js" }');
    write(`${sdk}/index.js`, "");
    write(`${sdk}/runtime/debuggable.js`, "");
    write(`${sdk}/cmd/run/index.js`, 'setImmediate(() => require(process.cwd() + "/program"));');
    for (const name of packages) {
      symlinkSync(join(ROOT, "node_modules", name), join(folder, "node_modules", name));
    }
    write(source, 'console.log(process.env.PULUMI_NODEJS_TYPESCRIPT ?? "without ts-node");');
    const env = { PULUMI_NODEJS_TYPESCRIPT: "ts-node" };
    return run(process.execPath, [join(RUNNERS, "runProgram.cjs")], folder, env).text;
  }

  it("is compiled by tsx and not by ts-node", () => {
    expect(said("program.ts", "tsx")).toBe("without ts-node\n");
  });

  it("without tsx has what the SDK would give it", () => {
    expect(said("program.js")).toBe("ts-node\n");
  });

  it.each(["runProgram.cjs", "runPolicyPack.cjs"])(
    "without the SDK is told what to do by %s",
    (runner) => {
      expect(run(process.execPath, [join(RUNNERS, runner), "127.0.0.1:1", "."])).toMatchObject({
        status: 1,
        text: `@pulumi/pulumi is not installed for ${folder}. Run there: npm install\n`,
      });
    },
  );
});

describe("the SDK", () => {
  it("comes without what it seldom uses, which is there when it is used", () => {
    const script = `lean(); const { runtime } = fromHere("@pulumi/pulumi"); ${LOADED}
      const names = ["typescript", "@npmcli/arborist"];
      const ts = () => require.cache[fromHere.resolve("typescript")].exports;
      const before = names.map(loaded);
      const stands = require("node:util").types.isProxy(ts());
      runtime.serializeFunction(() => 41 + 1).then(({ text }) => console.log(JSON.stringify({
        before, stands, same: require("node:util").types.isProxy(ts()), text: text.includes("41 + 1"),
      })));`;
    expect(afterStart(script)).toEqual({
      before: [false, false],
      stands: true,
      same: false,
      text: true,
    });
  });

  it.each([
    [{}, false],
    [{ PULUMI_DEBUG_PROMISE_LEAKS: "1" }, true],
  ])("with %j notes where a promise was made: %s", (env, noted) => {
    const script = `lean(); fromHere("@pulumi/pulumi");
      const promise = new Promise(() => {});
      const limit = Error.stackTraceLimit;
      fromHere("@pulumi/pulumi/runtime/debuggable").debuggablePromise(promise, "here");
      console.log(JSON.stringify([promise._debugStackTrace.includes("    at "), Error.stackTraceLimit === limit]));
      process.reallyExit(0);`;
    expect(afterStart(script, env as Record<string, string>)).toEqual([noted, true]);
  });
});
