import { UNKNOWN } from "../../../policy/facts/known";
import {
  read,
  UNKNOWN_BOOLEAN,
  UNKNOWN_LIST,
  UNKNOWN_MAPPING,
  UNKNOWN_NUMBER,
  UNKNOWN_TEXT,
} from "../support/inputs";

type Inputs = Record<string, unknown>;

describe.each([
  "proxmoxve:index/haresource:Haresource",
  "proxmoxve:index/haresourceLegacy:HaresourceLegacy",
])("an HA resource (%s)", (type) => {
  it("is about a guest", () => {
    expect(read("haResources", type, { resourceId: "ct:103", state: UNKNOWN_TEXT }).sid).toBe(
      "ct:103",
    );
  });

  it("may be about an unknown one", () => {
    expect(read("haResources", type, { resourceId: UNKNOWN_TEXT }).sid).toBe(UNKNOWN);
  });
});

describe.each(["proxmoxve:index/harule:Harule", "proxmoxve:index/haruleLegacy:HaruleLegacy"])(
  "an HA rule (%s)",
  (type) => {
    const inputs: Inputs = {
      rule: "prefer-win2016",
      type: "node-affinity",
      resources: ["vm:100", "ct:103"],
      nodes: { pve01: 1, pve02: 2 },
      strict: true,
      disable: true,
    };
    const rule = (changes: Inputs = {}) => read("haRules", type, { ...inputs, ...changes });

    it("ties guests to nodes", () => {
      expect(rule()).toEqual({
        urn: "urn:it",
        name: "it",
        type: "node-affinity",
        sids: ["vm:100", "ct:103"],
        nodes: ["pve01", "pve02"],
        strict: true,
        disabled: true,
        apart: false,
      });
    });

    it.each([undefined, null, false])("is in force and not strict without a word (%s)", (word) => {
      expect(rule({ strict: word, disable: word })).toMatchObject({
        strict: false,
        disabled: false,
      });
    });

    it.each([undefined, null])("may name neither guests nor nodes (%s)", (nothing) => {
      expect(rule({ resources: nothing, nodes: nothing })).toMatchObject({ sids: [], nodes: [] });
    });

    it("has known nodes when their priorities are not known", () => {
      expect(rule({ nodes: { pve01: UNKNOWN_NUMBER } }).nodes).toEqual(["pve01"]);
    });

    it.each([
      ["type", "type", UNKNOWN_TEXT],
      ["resources", "sids", UNKNOWN_LIST],
      ["resources", "sids", ["vm:100", UNKNOWN_TEXT]],
      ["nodes", "nodes", UNKNOWN_MAPPING],
      ["strict", "strict", UNKNOWN_BOOLEAN],
      ["disable", "disabled", UNKNOWN_BOOLEAN],
    ] as const)("has unknown %s", (property, fact, value) => {
      expect(rule({ [property]: value })).toEqual({ ...rule(), [fact]: UNKNOWN });
    });
  },
);
