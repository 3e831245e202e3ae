/** The version of the plugin: that of `@pulumi/command`, whose programs it serves. */
export const VERSION = "1.2.1";

type Type = "string" | "number" | "integer" | "boolean";

interface Property {
  type?: Type | "array" | "object";
  $ref?: string;
  items?: { $ref: string };
  additionalProperties?: { type: Type };
  description: string;
  default?: string | number;
  secret?: true;
  replaceOnChanges?: true;
}

const CONNECTION: Record<string, Property> = {
  host: { type: "string", description: "The host's name or address." },
  port: { type: "number", default: 22, description: "The SSH port." },
  user: { type: "string", default: "root", description: "The user to log in as." },
  password: { type: "string", secret: true, description: "The user's password." },
  privateKey: {
    type: "string",
    secret: true,
    description: "A private key, in text. It is tried before the password.",
  },
  privateKeyPassword: {
    type: "string",
    secret: true,
    description: "The private key's passphrase.",
  },
  agentSocketPath: {
    type: "string",
    description: "An SSH agent's socket. Without it SSH_AUTH_SOCK is used, if set.",
  },
  hostKey: {
    type: "string",
    description: "The host's public key. Without it any host key is accepted.",
  },
  dialErrorLimit: {
    type: "integer",
    default: 10,
    description: "How many attempts to connect may fail. -1: any number.",
  },
  perDialTimeout: {
    type: "integer",
    default: 15,
    description: "Seconds for each attempt to connect. 0: no limit.",
  },
};

const INPUTS: Record<string, Property> = {
  connection: {
    $ref: "#/types/command:remote:Connection",
    secret: true,
    description: "How to reach the host.",
  },
  create: {
    type: "string",
    description: "The command to run on create, and on update if there is no update command.",
  },
  update: { type: "string", description: "The command to run on update." },
  delete: { type: "string", description: "The command to run on delete." },
  triggers: {
    type: "array",
    items: { $ref: "pulumi.json#/Any" },
    replaceOnChanges: true,
    description: "Values whose change replaces the resource.",
  },
  stdin: { type: "string", description: "What the command gets on stdin." },
  environment: {
    type: "object",
    additionalProperties: { type: "string" },
    description: "Variables for the command. The host's SSH server must accept them (AcceptEnv).",
  },
  logging: {
    $ref: "#/types/command:remote:Logging",
    description: "Which output appears in the log. It is captured in any case. Default: both.",
  },
  addPreviousOutputInEnv: {
    type: "boolean",
    description:
      "Whether the last run's output is in PULUMI_COMMAND_STDOUT and PULUMI_COMMAND_STDERR. Default: true.",
  },
};

const OUTPUTS: Record<string, Property> = {
  stdout: { type: "string", description: "What the command printed on stdout." },
  stderr: { type: "string", description: "What the command printed on stderr." },
};

/** The package's schema: the one resource that this plugin has. */
export const SCHEMA = {
  name: "command",
  displayName: "Command",
  version: VERSION,
  description: "Runs commands on hosts over SSH.",
  config: {},
  types: {
    "command:remote:Connection": { type: "object", properties: CONNECTION, required: ["host"] },
    "command:remote:Logging": {
      type: "string",
      enum: ["stdout", "stderr", "stdoutAndStderr", "none"].map((value) => ({
        name: value,
        value,
      })),
    },
  },
  provider: {},
  resources: {
    "command:remote:Command": {
      description:
        "A command that runs on a host when the resource is created, updated or deleted.",
      properties: { ...INPUTS, ...OUTPUTS },
      required: ["connection", ...Object.keys(OUTPUTS)],
      inputProperties: INPUTS,
      requiredInputs: ["connection"],
    },
  },
  functions: {},
};
