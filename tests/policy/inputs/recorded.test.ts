import * as proxy from "@pulumi/policy/proxy";
import { UNKNOWN } from "../../../policy/facts/known";
import { isSecret, nameIn, readRecorded, UNKNOWN_VALUES } from "../../../policy/inputs/recorded";
import { VM } from "../support/inputs";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const secret = { [SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:x" };
const urn = `urn:pulumi:dev::proxmox-ha::${VM}::win2016`;
const guest = (inputs: Record<string, unknown>) =>
  readRecorded([{ type: VM, urn, inputs }]).guests[0];

it("reads what the state or an event log has as the rules read a run", () => {
  expect(guest({ vmId: 100, nodeName: "pve02", tags: ["a"] })).toMatchObject({
    ...{ urn, name: "win2016", vmid: 100, node: "pve02", tags: ["a"] },
  });
});

it.each(UNKNOWN_VALUES)("takes %s for unknown", (value) => {
  expect(guest({ vmId: value, nodeName: "pve02" })).toMatchObject({ vmid: UNKNOWN, node: "pve02" });
});

it("knows every sentinel that CrossGuard knows", () => {
  const known = Object.entries(proxy).flatMap(([name, value]) =>
    /^unknown\w+Value$/.test(name) ? [value as unknown] : [],
  );
  expect(known).toHaveLength(7);
  expect(new Set(known)).toEqual(new Set(UNKNOWN_VALUES));
});

it("takes a secret for unknown, wherever it is", () => {
  expect(guest({ vmId: 100, nodeName: secret })?.node).toBe(UNKNOWN);
  expect(guest({ vmId: 100, tags: ["a", secret] })?.tags).toBe(UNKNOWN);
  expect([isSecret(secret), isSecret({ [SIGNATURE]: "asset" }), isSecret("x")]).toEqual([
    ...[true, false, false],
  ]);
});

it("finds the name at the end of a URN, with colons in it", () => {
  expect(nameIn("urn:pulumi:dev::proxmox-ha::a$b:c/d:E::x::y")).toBe("x::y");
});
