import type { Endpoint } from "../../lab/api/endpoint";
import { flag, optional, propertyString, text, whole } from "../../lab/api/schema";
import { compare, javascriptPattern, type PublishedMethod } from "./compare";

const ours: Endpoint = {
  method: "PUT",
  path: "/a/{node}",
  returns: "null",
  parameters: {
    node: text({ format: "pve-node" }),
    size: optional(whole(1, 9)),
    drive: optional(propertyString({ file: { ...text(), default_key: 1 } })),
  },
  permissions: { check: ["perm", "/", ["Sys.Audit", "Sys.Modify"], { any: 1 }] },
  proxyto: "node",
  handle: () => null,
};
const theirs: PublishedMethod = {
  returns: { type: "null" },
  parameters: {
    properties: {
      node: { type: "string", format: "pve-node" },
      size: { type: "integer", minimum: 1, maximum: 9, optional: 1 },
      drive: { type: "string", optional: 1, format: { file: { type: "string", default_key: 1 } } },
    },
  },
  permissions: { check: ["perm", "/", ["Sys.Audit", "Sys.Modify"], "any", 1] },
  proxyto: "node",
};

const differences = (mine: Partial<Endpoint>, other: Partial<PublishedMethod> = {}): string[] =>
  compare([{ ...ours, ...mine }], { "/a/{node}": { PUT: { ...theirs, ...other } } });
const withParameter = (name: string, schema: Endpoint["parameters"][string]) =>
  differences({ parameters: { ...ours.parameters, [name]: schema } });

describe("the comparison with Proxmox's schema", () => {
  it("finds nothing where both say the same", () => {
    expect(differences({})).toEqual([]);
  });

  it("finds an endpoint that Proxmox VE does not have", () => {
    expect(compare([ours], {})).toEqual(["PUT /a/{node}: Proxmox VE has no such endpoint"]);
  });

  it.each([
    ["more", flag(), "knows more, which Proxmox VE does not"],
    ["size", whole(1, 9), "size optional is 0, not 1"],
    ["size", optional(flag()), "size type is boolean, not integer"],
    ["size", optional(whole(2, 9)), "size minimum is 2, not 1"],
    ["node", text(), "node format is not set, not pve-node"],
    ["node", propertyString({}), "node format is a property string, not pve-node"],
    ["node", text({ format: "pve-node", pattern: "a" }), "node pattern is a, not not set"],
    ["drive", optional(text()), "drive is no property string"],
    ["drive", optional(propertyString({})), "does not know drive.file"],
    [
      "drive",
      optional(propertyString({ file: text() })),
      "drive.file default_key is not set, not 1",
    ],
  ])("finds a parameter that differs: %s %j", (name, schema, words) => {
    expect(withParameter(name, schema)).toContain(`PUT /a/{node}: ${words}`);
  });

  it("finds a parameter that is not known here", () => {
    expect(differences({ parameters: {} })).toHaveLength(3);
  });

  it("finds other permissions", () => {
    expect(differences({ permissions: { user: "all" } })).toEqual([
      'PUT /a/{node}: permissions are {"user":"all"}, not {"check":["perm","/",["Sys.Audit","Sys.Modify"],"any",1]}',
    ]);
  });

  it("finds another answer, another node that answers, and tokens that are refused", () => {
    expect(differences({ returns: "string" })).toEqual(["PUT /a/{node}: returns string, not null"]);
    const { proxyto: _here, returns: _type, ...local } = ours;
    expect(compare([local], { "/a/{node}": { PUT: theirs } })).toEqual([
      "PUT /a/{node}: proxyto is not set, not node",
      "PUT /a/{node}: declares no return, not null",
    ]);
    expect(differences({}, { allowtoken: 0 })).toEqual(["PUT /a/{node}: allowtoken differs"]);
  });

  it("reads Perl's patterns as JavaScript's", () => {
    expect(javascriptPattern("(?^:a\\@(?^i:[a-z]))\\:{,3}")).toBe("(?:a@(?:[a-zA-Z])):{0,3}");
  });
});
