import { findPlainSecrets } from "../../../ops/secrets/find";
import { resource, urnOf } from "../support/site";

const TYPE = "proxmoxve:index/containerLegacy:ContainerLegacy";
const CIPHER = {
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ciphertext: "v1:6PWQ",
};
const found = (inputs: Record<string, unknown>) =>
  findPlainSecrets([resource(TYPE, "web", inputs)]).map(({ path, what }) => `${path}: ${what}`);

const UUID = "0f2a6b1c-7d9e-4c3b-8a5f-1e2d3c4b5a69";

it.each([
  "password",
  "passphrase",
  "secret",
  "clientSecret",
  "privateKey",
  "apiToken",
  "authTicket",
  "csrfPreventionToken",
  "encryptionKey",
  "secretAccessKey",
  "token",
  "PASSWORD",
])("finds a plain text called %s", (key) => {
  expect(found({ [key]: "hunter2" })).toEqual([`inputs.${key}: a secret by its name, ${key}`]);
});

it.each([
  ["an API token of Proxmox VE", `ci@pve!pulumi=${UUID}`],
  ["an API token of Proxmox VE", `the token is root@pam!a.b-c=${UUID.toUpperCase()}, twice`],
  ["a private key", "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n"],
  ["a private key", "-----BEGIN PRIVATE KEY-----\nMIIE\n"],
  ["the hash of a password", "chpasswd: root:$6$salt$abcdefghijklmnopqrstuvwxyz0123456789"],
  [
    "the hash of a password",
    "$y$j9T$F5Jx5fExrKuPp53xLKQ..1$X3DX6M94c7o.9agCG9G317fhZg9SqC.5i5rd.RhAtQ7",
  ],
  ["a password in an address", "https://admin:hunter2@nas.example.org/share"],
])("finds %s by its shape, whatever it is called", (what, value) => {
  expect(found({ stdin: value })).toEqual([`inputs.stdin: ${what}`]);
});

it.each([
  ["a secret", { password: CIPHER, stdin: CIPHER }],
  ["nothing", { password: "", privateKey: null, token: undefined }],
  ["a switch", { password: true, token: 3 }],
  [
    "the name of a secret",
    { passwordFrom: "webRootPassword", tokenName: "pulumi", tokenId: "pulumi" },
  ],
  ["a list of properties", { __defaults: ["password"] }],
  ["a public key", { key: "ssh-ed25519 AAAA", cert: "-----BEGIN CERTIFICATE-----\nMIIB\n" }],
  ["an address", { url: "https://nas.example.org:8006/a@b", user: "root@pam!pulumi" }],
  ["a number in the form of one", { uuid: UUID }],
])("lets %s be", (_what, inputs) => {
  expect(found(inputs)).toEqual([]);
});

it("looks into mappings and lists, inputs and outputs", () => {
  const one = {
    ...resource(TYPE, "web", {
      initialization: { userAccount: { password: "hunter2" } },
      disks: [{ a: 1 }, { privateKey: "x" }],
      passwords: ["x"],
    }),
    outputs: { stdout: `ci@pve!pulumi=${UUID}` },
  };
  expect(findPlainSecrets([one])).toEqual([
    {
      urn: urnOf(TYPE, "web"),
      path: "inputs.initialization.userAccount.password",
      what: "a secret by its name, password",
    },
    {
      urn: urnOf(TYPE, "web"),
      path: "inputs.disks[1].privateKey",
      what: "a secret by its name, privateKey",
    },
    { urn: urnOf(TYPE, "web"), path: "outputs.stdout", what: "an API token of Proxmox VE" },
  ]);
});

it("finds nothing in a resource without inputs and outputs", () => {
  expect(findPlainSecrets([{ urn: "urn:x", type: TYPE, custom: false }])).toEqual([]);
});
