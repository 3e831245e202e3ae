import { publicKeyOf } from "../../../lab/state/sshKey";
import { ADDRESS, clusterOfTwo, type Machines } from "../cluster/support/machines";

const SSH = `ssh -o BatchMode=yes root@${ADDRESS.pve02}`;

let lab: Machines;
beforeEach(async () => {
  lab = await clusterOfTwo();
});

describe("ssh from one host to another", () => {
  it("runs the command there: output apart, its input, its exit code", async () => {
    expect(
      await lab.run("pve01", `echo in | ${SSH} 'cat; hostname; echo e >&2; exit 4'`),
    ).toMatchObject({
      stdout: "in\npve02\n",
      stderr: "e\n",
      exitCode: 4,
    });
    expect(await lab.out("pve01", `echo in | ssh -n ${ADDRESS.pve02} cat`)).toBe("");
  });

  it("leaves what it wrote there", async () => {
    await lab.out("pve01", `${SSH} 'echo remote >/root/note'`);
    expect(await lab.out("pve02", "cat /root/note")).toBe("remote\n");
  });

  const refused = async (words: string, command = `${SSH} true`): Promise<void> => {
    expect(await lab.run("pve01", command)).toMatchObject({
      stdout: "",
      stderr: `${words}\n`,
      exitCode: 255,
    });
  };

  it("refuses a host whose key is not known, be it a member of the same cluster", async () => {
    await lab.out("pve01", "rm /root/.ssh/known_hosts");
    await refused("Host key verification failed.");
  });

  it("refuses a host that has another key than is known, whatever the options", async () => {
    await lab.out("pve01", `echo '${ADDRESS.pve02} ssh-ed25519 AAAAwrong' >/root/.ssh/known_hosts`);
    await refused("Host key verification failed.");
    await refused(
      "Host key verification failed.",
      `ssh -o StrictHostKeyChecking=accept-new ${ADDRESS.pve02} true`,
    );
  });

  it("learns an unknown host's key with accept-new", async () => {
    await lab.out("pve01", "rm /root/.ssh/known_hosts");
    const command = `ssh -o StrictHostKeyChecking=accept-new ${ADDRESS.pve02} hostname`;
    expect(await lab.run("pve01", command)).toMatchObject({
      stdout: "pve02\n",
      stderr: `Warning: Permanently added '${ADDRESS.pve02}' (ED25519) to the list of known hosts.\n`,
    });
    expect(await lab.out("pve01", `${SSH} hostname`)).toBe("pve02\n");
  });

  it("is pinned by what ssh-keyscan prints", async () => {
    const key = publicKeyOf(lab.site.host("pve02").sshHostKey);
    await lab.out("pve01", `ssh-keyscan ${ADDRESS.pve02} >/root/.ssh/known_hosts 2>/dev/null`);
    expect(await lab.out("pve01", `ssh-keygen -F ${ADDRESS.pve02}`)).toBe(
      `${ADDRESS.pve02} ${key}\n`,
    );
    expect(await lab.out("pve01", `${SSH} hostname`)).toBe("pve02\n");
  });

  it("refuses without a key, with a key that is not authorized, and other users", async () => {
    const denied = `root@${ADDRESS.pve02}: Permission denied (publickey,password).`;
    await refused(
      `admin@${ADDRESS.pve02}: Permission denied (publickey,password).`,
      `ssh admin@${ADDRESS.pve02} true`,
    );
    lab.site.pmxcfs("pve02").authorizedKeys = "";
    await refused(denied);
    await lab.out("pve01", "rm /root/.ssh/id_rsa");
    await refused(denied);
  });

  it("says that a host is off, cut off or unheard of", async () => {
    lab.power("nas", false);
    await refused(
      `ssh: connect to host ${ADDRESS.nas} port 22: No route to host`,
      `ssh ${ADDRESS.nas} true`,
    );
    lab.site.hardware.plug("pve02", false);
    await refused(`ssh: connect to host ${ADDRESS.pve02} port 22: No route to host`);
    await refused(
      "ssh: Could not resolve hostname pve09: Name or service not known",
      "ssh pve09 true",
    );
  });
});

describe("ssh-keygen", () => {
  it("keeps a key that is there", async () => {
    const key = await lab.out("pve01", "cat /root/.ssh/id_rsa");
    expect(
      (await lab.run("pve01", "ssh-keygen -q -t rsa -N '' -f /root/.ssh/id_rsa")).exitCode,
    ).toBe(1);
    expect(await lab.out("pve01", "cat /root/.ssh/id_rsa")).toBe(key);
  });

  it("gives the public half of a private key", async () => {
    const [type, body] = (await lab.out("pve01", "cat /root/.ssh/id_rsa.pub")).split(" ");
    expect(await lab.out("pve01", "ssh-keygen -y -f /root/.ssh/id_rsa")).toContain(
      `${type} ${body}`,
    );
  });
});
