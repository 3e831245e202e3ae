import { existsSync } from "node:fs";
import { removeTornAttributes } from "../../ops/sidecars";
import { Project } from "../toolchain/launcher/support/project";

let project: Project;
beforeEach(() => {
  project = new Project();
  delete process.env.PULUMI_BACKEND_URL;
});
afterEach(() => {
  delete process.env.PULUMI_BACKEND_URL;
  project.dispose();
});

const STATE = ".state/.pulumi/stacks/proxmox-ha/dev.json";
const HISTORY = ".state/.pulumi/history/proxmox-ha/dev/dev-1.history.json";
const WHOLE = '{"user.content_type":"text/plain","md5":"8F+ly1Ta3Ext9Rd+LkJDOA=="}';
const repair = () => removeTornAttributes({ name: "dev", root: project.root });
const there = (path: string): boolean => existsSync(project.path(path));

describe("attributes beside the state", () => {
  it("that are whole stay, and so does what is no attributes", () => {
    project.write(`${STATE}.attrs`, WHOLE);
    project.write(STATE, "");
    expect(repair()).toEqual([]);
    expect([there(`${STATE}.attrs`), there(STATE)]).toEqual([true, true]);
  });

  it.each([
    ["nothing", ""],
    ["a part", WHOLE.slice(0, 40)],
  ])("of which %s was written are removed, the state's and the history's", (_what, text) => {
    project.write(STATE, "{}");
    for (const file of [STATE, `${STATE}.bak`, HISTORY]) project.write(`${file}.attrs`, text);
    expect(repair()).toEqual(["removed what a killed run had written half beside the state"]);
    const left = [STATE, `${STATE}.bak`, HISTORY].filter((file) => there(`${file}.attrs`));
    expect(left).toEqual([]);
    expect(project.read(STATE)).toBe("{}");
  });

  it("are looked for nowhere before there is a state", () => {
    expect(repair()).toEqual([]);
  });

  it("of a backend that is no folder are not ours", () => {
    project.write(`${STATE}.attrs`, "");
    process.env.PULUMI_BACKEND_URL = "s3://team";
    expect(repair()).toEqual([]);
    expect(there(`${STATE}.attrs`)).toBe(true);
  });
});
