import { secretNames } from "../../components/secretNames";

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

  it("are no values of another kind", () => {
    expect(secretNames({ copiesFrom: { host: "nas" }, nothing: null })).toEqual([]);
  });
});
