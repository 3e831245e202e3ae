import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { createAuthority, issueCertificate } from "../../lab/state/pki";
import { OpsError } from "../../ops/errors";
import { preflight } from "../../ops/preflight";
import { Project } from "../toolchain/launcher/support/project";
import { report } from "../toolchain/launcher/support/reports";
import { freePort } from "../toolchain/command/support/sshd";
import { checkpoint, dev, resource, type SiteNode, startNode } from "./support/site";

const TOKEN = "pulumi-dev@pve!pulumi=00000000-secret";
let project: Project;
let node: SiteNode;
let api: Server;
let port: number;
/** Undefined: it never answers. */
let status: number | undefined;
let authorizations: (string | undefined)[];

beforeAll(async () => {
  project = new Project();
  node = await startNode();
  const authority = await createAuthority(Date.now());
  const host = { name: "pve01", address: "192.168.18.251" };
  const { certificate: cert, key } = await issueCertificate(authority, host, Date.now());
  node.probe = report({ authority: authority.certificate.trim() });
  api = createServer({ cert, key }, (request, response) => {
    authorizations.push(request.headers.authorization);
    if (status === undefined) return;
    response.writeHead(status, status === 401 ? "invalid token value!" : "OK").end();
  });
  await new Promise<void>((resolve) => api.listen(0, "127.0.0.1", resolve));
  port = (api.address() as AddressInfo).port;
});
beforeEach(() => {
  status = 200;
  authorizations = [];
  project.lab({ pve01: node }, { pve01: `https://127.0.0.1:${port}` });
  stateHas({ plaintext: JSON.stringify(TOKEN) });
});
afterAll(async () => {
  api.closeAllConnections();
  api.close();
  await node.stop();
  project.dispose();
});

function stateHas(apiToken: unknown): void {
  const provider = resource("pulumi:providers:proxmoxve", "pve", { apiToken });
  project.answer({ "stack export": { stdout: JSON.stringify(checkpoint([provider])) } });
}

describe("the preflight", () => {
  it("shows the node the stack's token, over TLS that the cluster's authority proves", async () => {
    await preflight(dev(project));
    expect(authorizations).toEqual([`PVEAPIToken=${TOKEN}`]);
    expect(project.calls().at(-1)).toBe("stack export --show-secrets --stack dev");
  });

  it("reads a token that is no secret in the state", async () => {
    stateHas(TOKEN);
    await preflight(dev(project));
    expect(authorizations).toEqual([`PVEAPIToken=${TOKEN}`]);
  });

  it("names the token, not its secret, and the remedy when the node refuses it", async () => {
    status = 401;
    const refused = preflight(dev(project));
    await expect(refused).rejects.toThrow(OpsError);
    await expect(refused).rejects.toThrow(
      "Proxmox VE refuses the stack's API token pulumi-dev@pve!pulumi: invalid token value!. " +
        "It was deleted or changed on the cluster, so nothing can be read or changed with it.\n" +
        "Make a new one: npm run -s ops -- token rotate --stack dev",
    );
    await expect(refused).rejects.not.toThrow("secret");
  });

  it.each([403, 500, 503])("leaves an answer of %d to the run itself", async (answer) => {
    status = answer;
    await preflight(dev(project));
    expect(authorizations).toHaveLength(1);
  });

  it.each([
    ["no stack", { stderr: "error: no stack named 'dev' found", code: 255 }],
    ["an empty stack", { stdout: JSON.stringify(checkpoint([])) }],
    ["a stack without anything", { stdout: '{"version":3,"deployment":{}}' }],
  ])("asks nobody where there is %s", async (_, answer) => {
    project.answer({ "stack export": answer });
    const asked = node.commands.length;
    await preflight(dev(project));
    expect(node.commands).toHaveLength(asked);
    expect(authorizations).toEqual([]);
  });

  it("asks nobody where the provider has no token yet", async () => {
    stateHas(undefined);
    await preflight(dev(project));
    expect(authorizations).toEqual([]);
  });

  it("says which API does not answer, and where to look", async () => {
    const closed = await freePort();
    project.lab({ pve01: node }, { pve01: `https://127.0.0.1:${closed}` });
    await expect(preflight(dev(project))).rejects.toThrow(
      `The node answers over SSH, but its API does not: https://127.0.0.1:${closed}/api2/json/version: ` +
        `connect ECONNREFUSED 127.0.0.1:${closed}. Look there at: systemctl status pveproxy`,
    );
  });

  it("waits for an API only so long", async () => {
    status = undefined;
    await expect(preflight(dev(project), 100)).rejects.toThrow(
      /api2\/json\/version: no answer within 0\.1 s\. Look there/,
    );
  });

  it("trusts no certificate of another authority", async () => {
    const other = await createAuthority(Date.now());
    const probe = node.probe;
    node.probe = report({ authority: other.certificate.trim() });
    await expect(preflight(dev(project))).rejects.toThrow(/certificate/);
    expect(authorizations).toEqual([]);
    node.probe = probe;
  });

  it("does not repeat what a failing export has printed, because it may hold secrets", async () => {
    project.answer({ "stack export": { stdout: `{"apiToken": "${TOKEN}"`, code: 1 } });
    await expect(preflight(dev(project))).rejects.toThrow(
      /^pulumi stack export --show-secrets failed:\nCommand failed: /,
    );
    await expect(preflight(dev(project))).rejects.not.toThrow('secret"');
    project.answer({ "stack export": { stdout: `{"apiToken": "${TOKEN}"` } });
    await expect(preflight(dev(project))).rejects.toThrow(
      /^pulumi stack export --show-secrets printed something else than JSON\.$/,
    );
  });
});
