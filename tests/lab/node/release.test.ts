import { freshState } from "../../../lab/state/initial";
import type { LabState } from "../../../lab/state/types";
import { Machines } from "../cluster/support/machines";
import { addData, configOf, newCt } from "../support/guests";
import { PASSWORD, START } from "../support/lab";

let state: LabState;
let lab: Machines;

beforeAll(async () => {
  let port = 20_000;
  state = await freshState({
    password: PASSWORD,
    authorizedKey: "ssh-ed25519 AAAA lab",
    nextPort: () => Promise.resolve(port++),
    now: START,
    release: 8,
  });
});
beforeEach(() => {
  lab = new Machines(structuredClone(state));
});

interface Repositories {
  files: { path: string; "file-type": string }[];
  "standard-repos": { handle: string; status: number | null }[];
}
const repositories = (): Promise<Repositories> =>
  lab.data("pve01", "GET", "/nodes/pve01/apt/repositories");
const release = async (): Promise<unknown> =>
  (await lab.data<{ release: string }>("pve01", "GET", "/version")).release;

describe("a node that was installed with Proxmox VE 8", () => {
  it("stands on Debian 12, and the witness on 13", async () => {
    expect(await release()).toBe("8.4");
    expect(await lab.out("pve01", ". /etc/os-release; echo $VERSION_ID")).toBe("12\n");
    expect(await lab.out("nas", ". /etc/os-release; echo $VERSION_ID")).toBe("13\n");
    expect(await lab.out("pve01", "dpkg-query -W -f '${Version}' pve-manager")).toBe("8.4.14");
  });

  it("has one-line package sources, and another name for the tests' repository", async () => {
    const { files, "standard-repos": standard } = await repositories();
    expect(files.map((file) => [file.path, file["file-type"]])).toEqual([
      ["/etc/apt/sources.list", "list"],
      ["/etc/apt/sources.list.d/ceph.list", "list"],
      ["/etc/apt/sources.list.d/pve-enterprise.list", "list"],
    ]);
    expect(standard.slice(0, 4)).toMatchObject([
      { handle: "enterprise", status: 1 },
      { handle: "no-subscription", status: null },
      { handle: "test", status: null },
      { handle: "ceph-quincy-enterprise", status: 1 },
    ]);
    await lab.data("pve01", "PUT", "/nodes/pve01/apt/repositories", { handle: "test" });
    expect(await lab.out("pve01", "tail -n 1 /etc/apt/sources.list")).toBe(
      "deb http://download.proxmox.com/debian/pve bookworm pvetest\n",
    );
  });

  it("is upgraded once its sources name the next release", async () => {
    const upgrade = "apt-get update && apt-get dist-upgrade -y";
    await lab.out(
      "pve01",
      "cd /etc/apt; rm sources.list.d/*; echo 'deb http://download.proxmox.com/debian/pve bookworm pve-no-subscription' >>sources.list",
    );
    await lab.out("pve01", upgrade);
    expect(await release()).toBe("8.4");
    await lab.out(
      "pve01",
      "wget -qO /etc/apt/trusted.gpg.d/proxmox.gpg https://enterprise.proxmox.com/debian/proxmox-archive-keyring-trixie.gpg; sed -i s/bookworm/trixie/ /etc/apt/sources.list",
    );
    expect(await lab.out("pve01", upgrade)).toContain("Setting up pve-manager (9.1.3)");
    expect(await release()).toBe("9.1");
    expect(await lab.out("pve01", ". /etc/os-release; echo $VERSION_ID")).toBe("13\n");
  });

  it("makes privileged containers unless it is told otherwise", async () => {
    await addData(lab);
    await newCt(lab);
    expect(await configOf(lab, "lxc", 101)).not.toHaveProperty("unprivileged", 1);
    await newCt(lab, { vmid: 102, unprivileged: 1 });
    expect(await configOf(lab, "lxc", 102)).toHaveProperty("unprivileged", 1);
  });
});
