import { packageVariables } from "../../../components/cluster/packages";
import { planCluster } from "../../../components/cluster/plan";
import { planSteps, type Step } from "../../../components/cluster/steps";
import { KEYRINGS, PROXMOX_KEYRING } from "../../../lab/system/keyrings";
import { type Changes, site } from "../support/site";

const stepsOf = (changes: Changes = {}): Step[] =>
  planSteps({ cluster: planCluster(site(changes)), storages: [] }, (host) => `KEY-${host}`);

const named = (name: string, changes?: Changes): Step => {
  const found = stepsOf(changes).find((step) => step.name === name);
  if (!found) throw new Error(`no step ${name}`);
  return found;
};

describe("the steps from Debian to Proxmox VE", () => {
  it("come one after the other on each node, once every host was looked at", () => {
    const checks = stepsOf().flatMap(({ name }) => (name.startsWith("check-") ? name : []));
    expect(checks.length).toBeGreaterThan(2);
    expect(named("prepare-pve02").after).toEqual(checks);
    expect(named("reboot-pve02").after).toEqual(["prepare-pve02"]);
    expect(named("install-pve02").after).toEqual(["reboot-pve02"]);
    expect(named("key-pve02").after).toEqual(expect.arrayContaining(["install-pve02"]));
  });

  it("wait for a host that boots where it may do so: on its way down, and after that", () => {
    expect(stepsOf().flatMap(({ name, patient }) => (patient ? name : []))).toEqual([
      ...["reboot-pve01", "install-pve01"],
      ...["reboot-pve02", "install-pve02"],
    ]);
  });

  it("tell every node the names of all hosts, and its own address", () => {
    expect(named("prepare-pve02").variables).toMatchObject({
      ADDRESS: "192.168.18.100",
      HOSTS: "192.168.18.251 pve01\n192.168.18.100 pve02\n192.168.18.200 nas",
      PACKAGES: "no-subscription",
      RELEASE: "9",
    });
  });

  it("take packages from where the site file says", () => {
    const { variables } = named("prepare-pve01", { "cluster.packages": "enterprise" });
    expect(variables.REPOSITORY_FILE).toBe("/etc/apt/sources.list.d/pve-enterprise.sources");
    expect(variables.REPOSITORY).toBe(
      `Types: deb\nURIs: https://enterprise.proxmox.com/debian/pve\nSuites: trixie\nComponents: pve-enterprise\nSigned-By: ${PROXMOX_KEYRING}`,
    );
  });
});

describe("Proxmox's keyring", () => {
  it("is the one whose checksum its documentation gives", () => {
    expect(packageVariables(9, "no-subscription").KEYRING_SHA256).toBe(
      KEYRINGS["proxmox-9"].sha256,
    );
  });

  it("is not known for release 8, whose hosts are not made of a bare Debian", () => {
    expect(packageVariables(8, "no-subscription")).toMatchObject({
      REPOSITORY: "",
      KEYRING_URL: "",
      KEYRING_SHA256: "",
    });
  });
});
