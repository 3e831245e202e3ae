import { useConnections } from "../support/connections";
import { isSecret, plain, type Registered } from "../support/pulumi";
import { built, EVERYTHING, PASSWORD } from "../support/reference";
import { get, inputsOf, kind, title } from "../support/resources";

const connections = useConnections();
const ACCESS = /^(realm|role|group|user|password|token|token-settings|permission)-/;

let reference: Registered[];
let everything: Registered[];
beforeAll(async () => {
  reference = await built(connections);
  everything = await built(connections, EVERYTHING);
});

const steps = (resources: Registered[]): Registered[] =>
  resources.filter((resource) => kind(resource) === "Command" && ACCESS.test(resource.name));
/** What a step's script finds set, by its names. */
function variables(name: string): Record<string, string> {
  const text = String(plain(get(everything, `Command ${name}`).inputs.stdin));
  const [head = ""] = text.split("#!");
  return Object.fromEntries(
    [...head.matchAll(/^([A-Z_]+)='((?:[^']|'\\'')*)'$/gm)].map(([, key = "", value = ""]) => [
      key,
      value.replaceAll("'\\''", "'"),
    ]),
  );
}
const before = (name: string): string[] => {
  const { dependencies } = get(everything, `Command ${name}`);
  return everything.filter(({ urn }) => dependencies.includes(urn)).map(title);
};

describe("who may do what", () => {
  it("makes nothing in a site that does not describe it", () => {
    expect(reference.filter(({ type }) => type.startsWith("proxmox-ha:accounts:"))).toEqual([]);
    expect(steps(reference)).toEqual([]);
  });

  it("is told one node over SSH, one step each, and nothing through the API", () => {
    const names = steps(everything).map(({ name }) => name);
    expect(names.sort()).toEqual([
      "group-admins",
      "group-office",
      "password-anna@pve",
      "permission-/nodes PVEAuditor admins",
      "permission-/pool/office PVEVMUser anna@pve",
      "permission-/storage/Backup PVEDatastoreUser anna@pve!backup",
      "permission-/vms/102 Operator office",
      "realm-directory",
      "role-Operator",
      "token-anna@pve!backup",
      "token-settings-anna@pve!backup",
      "user-anna@pve",
      "user-ben@directory",
    ]);
    const hosts = steps(everything).map(
      ({ inputs }) => (plain(inputs.connection) as { host: string }).host,
    );
    expect(new Set(hosts)).toEqual(new Set(["192.168.18.251"]));
  });

  it("is taken away when it leaves the file, but for what goes with it", () => {
    const staying = steps(everything).filter(({ inputs }) => inputs.delete === undefined);
    expect(staying.map(({ name }) => name)).toEqual([
      "password-anna@pve",
      "token-settings-anna@pve!backup",
    ]);
  });
});

describe("a step", () => {
  it("sets all of a user, and empties what the file leaves out", () => {
    expect(variables("user-ben@directory")).toEqual({
      ACCOUNT: "ben@directory",
      MEMBER_OF: "",
      ENABLED: "1",
      EXPIRES: "0",
      FIRST_NAME: "",
      LAST_NAME: "",
      EMAIL: "",
      COMMENT: "",
      HOST: "pve01",
    });
    expect(variables("user-anna@pve")).toMatchObject({
      MEMBER_OF: "admins,office",
      ENABLED: "0",
      EXPIRES: "1798675200",
      COMMENT: "Until the year's end.",
    });
  });

  it("sets a realm with a line for each setting", () => {
    const { SETTINGS, UNSET, TYPE, PASSWORD: password } = variables("realm-directory");
    expect([TYPE, UNSET, password]).toEqual(["ad", "", PASSWORD]);
    expect(SETTINGS?.split("\n")).toContain("bind_dn=cn=proxmox,dc=example,dc=com");
  });

  it("makes a token with words, so that no other change makes another secret", () => {
    const { inputs, ignoreChanges, secretOutputs } = get(
      everything,
      "Command token-anna@pve!backup",
    );
    expect(inputs.create).toMatch(/ accounts-tokenSecret apply 'anna@pve' 'backup' '2'$/);
    expect(ignoreChanges).toEqual(["connection", "stdin"]);
    expect(secretOutputs).toContain("stdout");
    expect(inputs.logging).toBe("none");
  });

  it("gives a token that is made anew its settings and permissions again", () => {
    expect(variables("token-settings-anna@pve!backup").GENERATION).toBe("2");
    expect(
      variables("permission-/storage/Backup PVEDatastoreUser anna@pve!backup").GENERATION,
    ).toBe("2");
  });
});

describe("the order", () => {
  it.each([
    ["user-anna@pve", ["Command group-admins", "Command group-office"]],
    ["user-ben@directory", ["Command realm-directory"]],
    ["password-anna@pve", ["Command user-anna@pve"]],
    [
      "permission-/vms/102 Operator office",
      ["Command role-Operator", "Command group-office", "ContainerLegacy web"],
    ],
    ["permission-/pool/office PVEVMUser anna@pve", ["Command user-anna@pve", "PoolLegacy office"]],
    [
      "permission-/storage/Backup PVEDatastoreUser anna@pve!backup",
      ["Command token-anna@pve!backup", "Nfs Backup"],
    ],
  ])("lets %s wait for %j", (name, needed) => {
    expect(before(name)).toEqual(expect.arrayContaining(needed));
  });
});

describe("a password", () => {
  it("is a secret in the step's text, and nowhere else", () => {
    for (const name of ["password-anna@pve", "realm-directory"]) {
      const { inputs } = get(everything, `Command ${name}`);
      expect(isSecret(inputs.stdin)).toBe(true);
      expect(JSON.stringify([inputs.create, inputs.delete])).not.toContain(PASSWORD);
    }
  });

  it("is not set again for another operator's key", () => {
    expect(get(everything, "Command password-anna@pve").ignoreChanges).toEqual(["connection"]);
  });
});

describe("the policies", () => {
  it("see what a role allows, and how far a token goes", () => {
    expect(inputsOf(everything, "Role Operator")).toEqual({
      roleId: "Operator",
      privileges: ["VM.Audit", "VM.Console", "VM.PowerMgmt"],
    });
    expect(inputsOf(everything, "UserToken anna@pve!backup")).toEqual({
      userId: "anna@pve",
      privilegesSeparation: true,
      expirationDate: "2027-01-01T00:00:00.000Z",
    });
  });
});
