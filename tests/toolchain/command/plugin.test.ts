import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PluginAttach } from "@pulumi/pulumi/proto/plugin_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { isSecret, secret } from "../../../toolchain/command/values";
import {
  buildPlugin,
  call,
  type Plugin,
  properties,
  startEngine,
  startPlugin,
  struct,
} from "./support/plugin";
import { processes, until } from "./support/processes";
import { type Sshd, startSshd } from "./support/sshd";

jest.setTimeout(20_000);

const URN = "urn:pulumi:dev::proj::command:remote:Command::greet";

let built: Awaited<ReturnType<typeof buildPlugin>>;
let engine: Awaited<ReturnType<typeof startEngine>>;
let sshd: Sshd;
let plugin: Plugin;
beforeAll(async () => {
  [built, engine, sshd] = await Promise.all([buildPlugin(), startEngine(), startSshd()]);
  plugin = await startPlugin(built.dir, "--logtostderr", "-v=9", engine.address);
});
afterAll(async () => {
  plugin?.client.close();
  plugin?.child.kill("SIGKILL");
  engine?.stop();
  built?.remove();
  await sshd?.stop();
});
beforeEach(() => {
  engine.logs.length = 0;
});

function createRequest(inputs: Record<string, unknown>): proto.CreateRequest {
  const request = new proto.CreateRequest();
  request.setUrn(URN);
  request.setProperties(struct({ connection: secret(sshd.connection() as never), ...inputs }));
  return request;
}

const create = (to: Plugin, inputs: Record<string, unknown>) =>
  call(to, "create", createRequest(inputs));

describe("the bundle", () => {
  test("is one file and the executable that starts it", () => {
    expect(readdirSync(built.dir).sort()).toEqual([
      "pulumi-resource-command",
      "pulumi-resource-command.cjs",
    ]);
  });

  test("prints the port and nothing else", () => {
    expect(plugin.printed()).toMatch(/^\d+\n$/);
  });
});

describe("the service", () => {
  test("has the version of the SDK", async () => {
    const sdk = readFileSync(require.resolve("@pulumi/command/package.json"), "utf8");
    const info = await call(plugin, "getPluginInfo", new Empty());
    expect(info.getVersion()).toBe(JSON.parse(sdk).version);
  });

  test("hands out a schema with its one resource", async () => {
    const request = new proto.GetSchemaRequest();
    const response = await call(plugin, "getSchema", request);
    const schema = JSON.parse(response.getSchema());
    expect(Object.keys(schema.resources)).toEqual(["command:remote:Command"]);
  });

  test("asks for secrets and previews", async () => {
    const request = new proto.ConfigureRequest();
    const response = await call(plugin, "configure", request);
    expect(response.toObject()).toMatchObject({ acceptsecrets: true, supportspreview: true });
  });

  test("leaves the marker of the released plugin in its provider resource", async () => {
    const request = new proto.CheckRequest();
    request.setNews(struct({ version: "1.2.1" }));
    const response = await call(plugin, "checkConfig", request);
    expect(properties(response.getInputs())).toEqual({
      version: "1.2.1",
      "__pulumi-go-provider-version": "1.2.0",
    });
  });

  test("leaves the diff of its provider resource to the engine", async () => {
    const diffed = call(plugin, "diffConfig", new proto.DiffRequest());
    await expect(diffed).rejects.toMatchObject({ code: 12 });
  });

  test("hands check failures to the engine with their property", async () => {
    const request = new proto.CheckRequest();
    request.setUrn(URN);
    request.setNews(struct({ connection: { host: "h" }, create: 1 }));
    const response = await call(plugin, "check", request);
    expect(response.getFailuresList().map((failure) => failure.toObject())).toEqual([
      { property: "create", reason: "This must be a string, but it is a number." },
    ]);
  });

  test("tells updates from replacements in a diff", async () => {
    const request = new proto.DiffRequest();
    request.setUrn(URN);
    request.setOldInputs(struct({ create: "a", triggers: [1] }));
    request.setNews(struct({ create: "b", triggers: [2] }));
    const response = await call(plugin, "diff", request);
    const { DIFF_SOME } = proto.DiffResponse.DiffChanges;
    const { UPDATE, UPDATE_REPLACE } = proto.PropertyDiff.Kind;
    expect(response.toObject()).toMatchObject({
      changes: DIFF_SOME,
      diffsList: ["create", "triggers"],
      replacesList: ["triggers"],
      hasdetaileddiff: true,
      detaileddiffMap: [
        ["create", { kind: UPDATE, inputdiff: false }],
        ["triggers[0]", { kind: UPDATE_REPLACE, inputdiff: false }],
      ],
    });
  });

  test("reads back what is in the state", async () => {
    const request = new proto.ReadRequest();
    request.setId("greet01234567");
    request.setProperties(struct({ create: "a", stdout: "b" }));
    request.setInputs(struct({ create: "a" }));
    const response = await call(plugin, "read", request);
    expect(response.getId()).toBe("greet01234567");
    expect(properties(response.getProperties())).toEqual({ create: "a", stdout: "b" });
    expect(properties(response.getInputs())).toEqual({ create: "a" });
  });

  test("passes properties of any size", async () => {
    const stdin = "x".repeat(6 * 1024 * 1024);
    const response = await create(plugin, { create: "wc -c", stdin, logging: "none" });
    const outputs = properties(response.getProperties());
    expect(outputs.stdout).toBe(String(stdin.length));
    expect(outputs.stdin === stdin).toBe(true);
  });

  test("keeps in the state secret what was secret", async () => {
    const stdin = secret("s");
    const response = await create(plugin, { create: "cat", stdin, logging: "none" });
    const outputs = properties(response.getProperties());
    expect(isSecret(outputs.connection)).toBe(true);
    expect(outputs).toMatchObject({ stdin, create: "cat", stdout: "s" });
  });

  test("reports failures as their message alone", async () => {
    await expect(
      create(plugin, { create: "echo no; exit 7", logging: "none" }),
    ).rejects.toMatchObject({
      code: 2,
      details: 'Process exited with status 7: running "echo no; exit 7":\nno\n',
    });
  });

  test("says of other resources and of functions that they are left out", async () => {
    const remedy = { details: expect.stringMatching(/^command:.* is not in .*TOOLCHAIN=system/) };
    const check = new proto.CheckRequest();
    check.setUrn("urn:pulumi:dev::proj::command:local:Command::x");
    await expect(call(plugin, "check", check)).rejects.toMatchObject(remedy);
    const invoke = new proto.InvokeRequest();
    invoke.setTok("command:local:run");
    await expect(call(plugin, "invoke", invoke)).rejects.toMatchObject(remedy);
  });
});

describe("the log", () => {
  test("reaches the engine line by line, beside the resource, and does not stay there", async () => {
    await create(plugin, { create: "echo one; echo two" });
    expect(engine.logs).toMatchObject([
      { urn: URN, severity: 1, message: "one", ephemeral: true },
      { urn: URN, severity: 1, message: "two", ephemeral: true },
    ]);
  });

  test("goes to another engine once that attaches", async () => {
    const other = await startEngine();
    const attach = async (address: string) => {
      const request = new PluginAttach();
      request.setAddress(address);
      await call(plugin, "attach", request);
    };
    await attach(other.address);
    await create(plugin, { create: "echo hello" });
    await attach(engine.address);
    other.stop();
    expect(other.logs).toMatchObject([{ message: "hello" }]);
    expect(engine.logs).toEqual([]);
  });
});

describe("the process", () => {
  const started: Plugin[] = [];
  const start = async (...args: string[]) => {
    const child = await startPlugin(built.dir, ...args);
    started.push(child);
    return child;
  };
  afterEach(() => {
    for (const { child, client } of started.splice(0)) {
      client.close();
      child.kill("SIGKILL");
    }
  });

  test("ends when stdin closes, which is when the engine is gone", async () => {
    const { child, exited } = await start(engine.address);
    child.stdin?.end();
    expect(await exited).toBe(0);
  });

  test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("ends on %s", async (signal) => {
    const { child, exited } = await start(engine.address);
    child.kill(signal);
    expect(await exited).toBe(0);
  });

  test("ends when its parent is gone where stdin is no pipe", async () => {
    const plugin = join(built.dir, "pulumi-resource-command");
    const script = `"${plugin}" ${engine.address} < /dev/null & echo pid $!; wait`;
    const parent = spawn("/bin/sh", ["-c", script], { stdio: ["ignore", "pipe", "inherit"] });
    let printed = "";
    parent.stdout.on("data", (text) => {
      printed += text;
    });
    await until(() => /pid \d+/.test(printed) && /^\d+$/m.test(printed));
    const pid = Number(/pid (\d+)/.exec(printed)?.[1]);
    const alive = () => processes().some((running) => running.pid === pid);
    expect(alive()).toBe(true);
    parent.kill("SIGKILL");
    await until(() => !alive());
  });

  test("lives on without stdin where it is started by hand", async () => {
    const byHand = await start();
    byHand.child.stdin?.end();
    await new Promise((resolve) => setTimeout(resolve, 300));
    const info = await call(byHand, "getPluginInfo", new Empty());
    expect(info.getVersion()).toBe("1.2.1");
  });

  test("closes its sessions before it ends", async () => {
    const running = await start(engine.address);
    const command = create(running, { create: "echo started; exec sleep 30" }).catch(() => {});
    await until(() => engine.logs.length > 0);
    expect(sshd.connections()).toHaveLength(1);
    running.child.stdin?.end();
    expect(await running.exited).toBe(0);
    await command;
    await until(() => sshd.connections().length === 0);
  });

  test("ends its commands when the engine cancels, and starts no others", async () => {
    const running = await start(engine.address);
    const command = create(running, { create: "echo started; exec sleep 30" });
    const ended = expect(command).rejects.toMatchObject({
      details: expect.stringMatching(/^cancelled: /),
    });
    await until(() => engine.logs.length > 0);
    await call(running, "cancel", new Empty());
    await ended;
    await expect(create(running, { create: "true" })).rejects.toMatchObject({
      details: "cancelled",
    });
  });
});

test("the folder holds no path of the machine that built it", () => {
  const code = readFileSync(join(built.dir, "pulumi-resource-command.cjs"), "utf8");
  expect(code.includes(process.cwd())).toBe(false);
});
