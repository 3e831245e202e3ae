import { readFileSync } from "node:fs";
import { z } from "zod";
import { secretName, secretNames } from "../../components/secretNames";

describe("the secrets that a site names", () => {
  it("are the texts of all fields that end in From, wherever they stand", () => {
    const site = {
      guests: { web: { passwordFrom: "webRootPassword", notes: "From here" } },
      storages: { Old: { type: "cifs", passwordFrom: "oldPassword" } },
      list: [{ tokenFrom: "token" }],
    };
    expect(secretNames(site)).toEqual([
      { path: ["guests", "web"], name: "webRootPassword" },
      { path: ["storages", "Old"], name: "oldPassword" },
      { path: ["list", "0"], name: "token" },
    ]);
  });

  it("are not those of installation media, which `ops answer-file` reads", () => {
    expect(secretNames({ cluster: { installation: { passwordFrom: "hash" } } })).toEqual([]);
  });

  it("are no guests", () => {
    const site = {
      guests: { web: { renamedFrom: "www" } },
    };
    expect(secretNames(site)).toEqual([]);
  });

  it("are all that a field of such a name can hold", () => {
    const text = readFileSync("docs/site.schema.json", "utf8");
    const { pattern } = z.toJSONSchema(secretName);
    const fields: [string, string][] = [];
    JSON.parse(text, (key, value: unknown) => {
      const { type, pattern } = (value ?? {}) as { type?: string; pattern?: string };
      if (/[a-z]From$/.test(key) && type === "string") fields.push([key, pattern ?? ""]);
      return value;
    });
    expect(fields).toContainEqual(["passwordFrom", pattern]);
    const others = fields.filter(([, own]) => own !== pattern).map(([key]) => key);
    expect([...new Set(others)].sort()).toEqual(["renamedFrom"]);
  });

  it("are no values of another kind", () => {
    expect(secretNames({ copiesFrom: { host: "nas" }, nothing: null })).toEqual([]);
  });
});
