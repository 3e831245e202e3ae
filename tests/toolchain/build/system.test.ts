import { installedCli } from "../../../toolchain/build/system";
import { Project } from "../launcher/support/project";

const project = new Project();
afterAll(() => project.dispose());

const PROGRAM = "#!/bin/sh\n";
project.write("first/pulumi", PROGRAM, 0o755);
project.write("second/pulumi", PROGRAM, 0o755);
project.write("clone/toolchain/bin/pulumi", PROGRAM, 0o755);
project.write("text/pulumi", "not a program");
project.write("folder/pulumi/file", "");

const found = (...folders: string[]) =>
  installedCli({ PATH: folders.map((folder) => folder && project.path(folder)).join(":") });

describe("the installed pulumi", () => {
  it.each([
    ["is the first on PATH", ["none", "first", "second"], "first/pulumi"],
    ["is no launcher of a clone", ["clone/toolchain/bin", "second"], "second/pulumi"],
    ["is no folder and no mere file", ["", "folder", "text", "second"], "second/pulumi"],
  ])("%s", (_, folders, program) => {
    expect(found(...folders)).toBe(project.path(program));
  });

  it.each([[{ PATH: "" }], [{}], [{ PATH: project.path("clone/toolchain/bin") }]])(
    "is missed with a sentence on %j",
    (environment) => {
      expect(() => installedCli(environment)).toThrow(
        /^TOOLCHAIN=system, but there is no pulumi on PATH\.$/,
      );
    },
  );
});
