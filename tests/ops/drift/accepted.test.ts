import { acceptedIn } from "../../../ops/drift/accepted";
import { DEV, Project } from "../../toolchain/launcher/support/project";
import { dev } from "../support/site";

const project = new Project();
afterAll(() => project.dispose());

const accepted = (lines: string): ReadonlySet<string> => {
  project.write("Pulumi.dev.yaml", `${DEV}${lines}`);
  return acceptedIn(dev(project));
};

describe("what may be there without being ours", () => {
  it("is nothing unless the file names it", () => {
    expect([...accepted("")]).toEqual([]);
  });

  it("is named with a reason", () => {
    const lines =
      "  proxmox-ha:unmanaged:\n    guest/900: the old firewall\n    storage/usb: copies\n    user/root@pam: in the safe\n";
    expect([...accepted(lines)]).toEqual(["guest/900", "storage/usb", "user/root@pam"]);
  });

  it.each([
    ["without a reason", '    guest/900: ""\n'],
    ["of an unknown kind", "    node/pve03: spare\n"],
    ["as a list", "    - guest/900\n"],
  ])("is refused %s", (_, lines) => {
    expect(() => accepted(`  proxmox-ha:unmanaged:\n${lines}`)).toThrow(
      "Pulumi.dev.yaml: proxmox-ha:unmanaged names what stays as it is, each with a reason, as in guest/900: the old firewall.",
    );
  });
});
