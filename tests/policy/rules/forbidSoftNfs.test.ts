import { UNKNOWN } from "../../../policy/facts/known";
import { forbidSoftNfs } from "../../../policy/rules/forbidSoftNfs";
import { judge, site, storage } from "../support/facts";

const verdictOn = (changes: Parameters<typeof storage>[0]) =>
  judge(forbidSoftNfs, site({ storages: [storage(changes)] }));

describe("a mount is taken", () => {
  it.each([[[]], [["vers=4.2", "hard"]], [["softreval"]]])("with options %j", (options) => {
    expect(verdictOn({ options })).toEqual([]);
  });

  it("that is soft and holds backups only", () => {
    expect(verdictOn({ options: ["soft"], contents: ["backup", "iso"] })).toEqual([]);
  });

  it("of another type, whose options mean other things", () => {
    expect(verdictOn({ type: "cifs", options: ["soft"] })).toEqual([]);
  });

  it("whatever it holds, when it is hard", () => {
    expect(verdictOn({ contents: UNKNOWN })).toEqual([]);
  });
});

describe("a mount is refused", () => {
  it.each([
    ["soft", ["images", "rootdir"], "images and rootdir"],
    ["softerr", ["iso", "rootdir"], "rootdir"],
  ])("that is %s and holds %j", (option, contents, held) => {
    expect(verdictOn({ options: ["vers=3", option], contents })).toEqual([
      [
        "urn:Data",
        `storage Data holds ${held} and is mounted ${option}: when the server is slow, ` +
          "guests get write errors instead of waiting, and lose data. Leave that option out: storages.*.options.",
      ],
    ]);
  });

  it.each([
    ["they are", { options: UNKNOWN }],
    ["its content is", { options: ["soft"], contents: UNKNOWN }],
  ] as const)("that cannot be judged until %s known", (until, changes) => {
    expect(
      verdictOn({ ...changes, options: changes.options === UNKNOWN ? UNKNOWN : ["soft"] }),
    ).toEqual([["urn:Data", `cannot judge the mount options of Data until ${until} known.`]]);
  });
});
