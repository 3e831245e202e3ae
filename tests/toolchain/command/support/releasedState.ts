import { createHash } from "node:crypto";

// What the released plugin 1.2.1 (on pulumi-go-provider 1.3.0) leaves in a state, written down by hand: the provider
// resource has the framework's marker, which says 1.2.0; the connection has its defaults, is secret as a whole and
// its credentials again; stdout and stderr are there even where nothing ran. Secrets are given in plain for the import.

const secret = (value: unknown) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  plaintext: JSON.stringify(value),
});

const PREFIX = "urn:pulumi:dev::proj::";
const PROVIDER = `${PREFIX}pulumi:providers:command::default_1_2_1`;
const PROVIDER_ID = "7b8a23ee-8576-46e4-8629-4bc4b142f228";
const STACK = `${PREFIX}pulumi:pulumi:Stack::proj-dev`;
const MARKER = { "__pulumi-go-provider-version": "1.2.0", version: "1.2.1" };

const connection = secret({
  dialErrorLimit: 10,
  host: "192.0.2.1",
  password: secret("open sesame"),
  perDialTimeout: 15,
  port: 22,
  user: "root",
});

function command(name: string, id: string, inputs: Record<string, unknown>, outputs: object) {
  return {
    urn: `${PREFIX}command:remote:Command::${name}`,
    custom: true,
    id,
    type: "command:remote:Command",
    inputs,
    outputs: { ...inputs, ...outputs },
    parent: STACK,
    provider: `${PROVIDER}::${PROVIDER_ID}`,
    additionalSecretOutputs: ["connection"],
    replaceOnChanges: ["triggers[*]"],
  };
}

const RESOURCES = [
  { urn: STACK, custom: false, type: "pulumi:pulumi:Stack" },
  {
    urn: PROVIDER,
    custom: true,
    id: PROVIDER_ID,
    type: "pulumi:providers:command",
    inputs: { __internal: {}, ...MARKER },
    outputs: MARKER,
  },
  command("bare", "bare0a1b2c3d", { connection }, { stdout: "", stderr: "" }),
  command(
    "full",
    "full4e5f6a7b",
    {
      addPreviousOutputInEnv: false,
      connection,
      create: "install",
      delete: secret("remove"),
      environment: { A: secret("a"), B: "b" },
      logging: "stderr",
      stdin: secret("one\ntwo"),
      triggers: [1, secret("two"), { three: [true, 3.5] }],
      update: "upgrade",
    },
    { stdout: "installed", stderr: "a warning" },
  ),
];

/** A stack of two commands, for `pulumi stack import` into a stack with this salt. */
export function releasedState(salt: string) {
  const secrets_providers = { type: "passphrase", state: { salt } };
  return {
    version: 3,
    deployment: {
      manifest: {
        time: "2026-03-05T00:00:00Z",
        magic: createHash("sha256").update("3.220.0").digest("hex"),
        version: "3.220.0",
      },
      secrets_providers,
      resources: RESOURCES,
    },
  };
}

/** The program that made it. */
export const RELEASED_PROGRAM = {
  bare: { args: { connection: { host: "192.0.2.1", password: { secret: "open sesame" } } } },
  full: {
    args: {
      addPreviousOutputInEnv: false,
      connection: { host: "192.0.2.1", password: { secret: "open sesame" } },
      create: "install",
      delete: { secret: "remove" },
      environment: { A: { secret: "a" }, B: "b" },
      logging: "stderr",
      stdin: { secret: "one\ntwo" },
      triggers: [1, { secret: "two" }, { three: [true, 3.5] }],
      update: "upgrade",
    },
  },
};
