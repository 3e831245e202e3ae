import { PveError } from "../../../lab/api/errors";
import {
  choice,
  flag,
  optional,
  type Parameters,
  propertyString,
  type Schema,
  standard,
  text,
  whole,
} from "../../../lab/api/schema";
import { type RawParameters, verifyParameters } from "../../../lab/api/verify";

function refusal(declared: Parameters, raw: RawParameters): PveError {
  try {
    verifyParameters(declared, raw);
  } catch (error) {
    if (error instanceof PveError) return error;
    throw error;
  }
  throw new Error("the parameters were taken");
}

/** What is wrong with one value; undefined when it is taken. */
function problem(schema: Schema, value: string | string[]): string | undefined {
  try {
    verifyParameters({ value: schema }, { value });
    return undefined;
  } catch (error) {
    return (error as PveError).errors?.value;
  }
}

describe("parameters", () => {
  it("are refused all at once, with 400 and a reason for each", () => {
    const declared = { node: standard.node, vmid: standard.vmid, cores: optional(whole(1)) };
    const { status, message, errors } = refusal(declared, { node: "a", cores: "x", foo: "1" });
    expect([status, message]).toEqual([400, "Parameter verification failed."]);
    expect(errors).toEqual({
      vmid: "property is missing and it is not optional",
      cores: "type check ('integer') failed - got 'x'",
      foo: "property is not defined in schema and the schema does not allow additional properties",
    });
  });

  it("come out as numbers where they are numbers or booleans, else as they were sent", () => {
    const declared = {
      cores: whole(),
      rate: { type: "number" } as const,
      onboot: flag(),
      memory: text(),
    };
    const sent = { cores: "2", rate: "2e+06", onboot: "0", memory: "512" };
    expect(verifyParameters(declared, sent)).toEqual({
      cores: 2,
      rate: 2_000_000,
      onboot: 0,
      memory: "512",
    });
  });

  it("may be numbered, and need not be there then", () => {
    const declared = { "net[n]": text() };
    expect(verifyParameters(declared, { net0: "a", net31: "b" })).toEqual({
      net0: "a",
      net31: "b",
    });
    expect(refusal(declared, { net: "a", netx: "b" }).errors).toEqual({
      net: "property is not defined in schema and the schema does not allow additional properties",
      netx: "property is not defined in schema and the schema does not allow additional properties",
    });
  });

  it("do not include what every object of the language has", () => {
    expect(Object.keys(refusal({}, { constructor: "1" }).errors ?? {})).toEqual(["constructor"]);
  });
});

describe("a boolean", () => {
  it.each(["true", "false", "on", "off", "yes", "no", "2", "", "TRUE"])(
    "is 1 or 0 and not %j",
    (value) => {
      expect(problem(flag(), value)).toBe(`type check ('boolean') failed - got '${value}'`);
    },
  );
});

describe("a number", () => {
  it.each(["2.0", "2e+06", "0x10", "", " 2", "two"])("that is whole is not %j", (value) => {
    expect(problem(whole(), value)).toBe(`type check ('integer') failed - got '${value}'`);
  });

  it.each(["10.000000", "2e+06", "-1", "+1", ".5", "5."])("may be written %s", (value) => {
    expect(problem({ type: "number" }, value)).toBeUndefined();
  });

  it.each(["1,5", "e5", "", "NaN", "Infinity"])("is not %j", (value) => {
    expect(problem({ type: "number" }, value)).toBe(
      `type check ('number') failed - got '${value}'`,
    );
  });

  it("keeps within its limits", () => {
    expect(problem(whole(1, 128), "0")).toBe("value must have a minimum value of 1");
    expect(problem(whole(1, 128), "129")).toBe("value must have a maximum value of 128");
    expect(problem(whole(1, 128), "128")).toBeUndefined();
  });

  it.each(["99", "099", "1000000000"])("that is a VMID is not %s", (value) => {
    expect(problem(standard.vmid, value)).toBe(
      "invalid format - value does not look like a valid VM ID\n",
    );
  });
});

describe("a text", () => {
  it("is one of those that are listed", () => {
    expect(problem(choice("raw", "qcow2"), "vmdk")).toBe(
      "value 'vmdk' does not have a value in the enumeration 'raw, qcow2'",
    );
  });

  it("matches its pattern as a whole", () => {
    const schema = text({ pattern: "a|bc" });
    expect(problem(schema, "bc")).toBeUndefined();
    for (const value of ["abc", "ax", "xbc"]) {
      expect(problem(schema, value)).toBe("value does not match the regex pattern");
    }
  });

  it("has its length", () => {
    expect(problem(text({ minLength: 8 }), "short")).toBe(
      "value must be at least 8 characters long",
    );
    expect(problem(text({ maxLength: 3 }), "long")).toBe("value may only be 3 characters long");
  });

  it("is told about its format first, and about one thing only", () => {
    const schema = text({ format: "pve-node", maxLength: 3, pattern: "x+" });
    expect(problem(schema, "a_b_c")).toBe(
      "invalid format - value does not look like a valid node name\n",
    );
  });
});

describe("a format", () => {
  it.each([
    ["pve-node", "a_b", "value does not look like a valid node name"],
    ["pve-storage-id", "x", "storage ID 'x' cannot be shorter than 2 characters"],
    ["pve-storage-id", "1x", "storage ID '1x' contains illegal characters"],
    ["pve-userid", "root", "value 'root' does not look like a valid user name"],
    ["pve-tokenid", "root@pam", "value 'root@pam' does not look like a valid token ID"],
    ["pve-roleid", "a b", "role name 'a b' contains invalid characters"],
    ["pve-configid", "1a", "invalid configuration ID '1a'"],
    ["pve-priv", "VM.Monitor", "invalid privilege 'VM.Monitor'"],
    ["pve-storage-content", "disks", "invalid content type 'disks'"],
    ["dns-name", "a_b", "value does not look like a valid DNS name"],
    ["mac-addr", "01:00:00:00:00:00", "value does not look like a valid unicast MAC address"],
    ["disk-size", "8P", "value does not look like a valid disk size: 8P"],
  ])("%s refuses %j", (format, value, words) => {
    expect(problem(text({ format }), value)).toBe(`invalid format - ${words}\n`);
  });

  it.each([
    ["pve-node", "pve01"],
    ["pve-storage-id", "local-lvm"],
    ["pve-userid", "proxmox-ha-dev@pve"],
    ["pve-tokenid", "proxmox-ha-dev@pve!pulumi-dev"],
    ["pve-priv", "VM.GuestAgent.Audit"],
    ["dns-name", "win2016.lan"],
    ["mac-addr", "BC:24:11:0a:0b:0c"],
    ["disk-size", "8589934592"],
    ["disk-size", "8GiB"],
  ])("%s takes %s", (format, value) => {
    expect(problem(text({ format }), value)).toBeUndefined();
  });

  it("of a list is that of each entry; a list may be empty", () => {
    const schema = text({ format: "pve-vmid-list" });
    expect(problem(schema, "100,101;102 103")).toBeUndefined();
    expect(problem(schema, "")).toBeUndefined();
    expect(problem(schema, "100,99")).toBe(
      "invalid format - value does not look like a valid VM ID\n",
    );
  });
});

describe("a repeated key", () => {
  it("is a list where a list is declared", () => {
    const declared = { delete: text({ format: "pve-configid-list" }) };
    expect(verifyParameters(declared, { delete: ["net1", "mp0"] })).toEqual({ delete: "net1,mp0" });
  });

  it("is refused elsewhere", () => {
    expect(problem(text(), ["a", "b"])).toBe("type check ('string') failed - got ARRAY");
    expect(problem(whole(), ["1", "2"])).toBe("type check ('integer') failed - got ARRAY");
  });
});

describe("a property string", () => {
  const schema = propertyString({
    file: { type: "string", default_key: 1 },
    cache: optional(choice("none", "writeback")),
    ssd: optional(flag()),
    iops: optional(whole()),
  });

  it.each(["Data:8", "file=Data:8,", "cache=none,Data:8,ssd=on,iops=5"])("may be %s", (value) => {
    expect(problem(schema, value)).toBeUndefined();
  });

  it.each([
    ["Data:8,foo=1", "invalid key in comma-separated list property: foo\n"],
    ["cache=none", "format error\nvalue.file: property is missing and it is not optional\n"],
    [
      "Data:8,cache=some",
      "format error\nvalue.cache: value 'some' does not have a value in the enumeration 'none, writeback'\n",
    ],
    ["Data:8,ssd=maybe", "format error\nvalue.ssd: type check ('boolean') failed - got 'maybe'\n"],
    ["Data:8,iops=many", "format error\nvalue.iops: type check ('integer') failed - got 'many'\n"],
  ])("is refused as %s, naming the inner key after the outer", (value, words) => {
    expect(problem(schema, value)).toBe(`invalid format - ${words}`);
  });
});
