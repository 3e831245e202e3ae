import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { createAuthority, issueCertificate } from "../../../lab/state/pki";
import { OpsError } from "../../../ops/errors";
import { checkToken } from "../../../ops/preflight/token";
import { freePort } from "../../toolchain/command/support/sshd";
import { Project } from "../../toolchain/launcher/support/project";
import { report } from "../../toolchain/launcher/support/reports";
import { dev, resource, type SiteNode, startNode } from "../support/site";

const TOKEN = "pulumi-dev@pve!pulumi=00000000-secret";
let project: Project;
let node: SiteNode;
let api: Server;
/** PEM. */
let trusted: string;
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
  trusted = authority.certificate.trim();
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
  node.probe = report({ authority: trusted });
  project.lab({ pve01: node }, { pve01: `https://127.0.0.1:${port}` });
});
afterAll(async () => {
  api.closeAllConnections();
  api.close();
  await node.stop();
  project.dispose();
});

const check = (apiToken: unknown = TOKEN, timeoutMs?: number) =>
  checkToken(
    dev(project),
    [resource("pulumi:providers:proxmoxve", "pve", { apiToken })],
    timeoutMs,
  );

describe("the stack's token", () => {
  it.each([
    ["that is a secret in the state", { plaintext: JSON.stringify(TOKEN) }],
    ["that is none", TOKEN],
  ])("%s is shown to the node, over TLS that the cluster's authority proves", async (_, token) => {
    await check(token);
    expect(authorizations).toEqual([`PVEAPIToken=${TOKEN}`]);
  });

  it("names the token, not its secret, and the remedy when the node refuses it", async () => {
    status = 401;
    const refused = check();
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
    await check();
    expect(authorizations).toHaveLength(1);
  });

  it("is asked of nobody before there is one", async () => {
    const asked = node.commands.length;
    await check(null);
    await checkToken(dev(project), []);
    expect(node.commands).toHaveLength(asked);
    expect(authorizations).toEqual([]);
  });

  it("says which API does not answer, and where to look", async () => {
    const closed = await freePort();
    project.lab({ pve01: node }, { pve01: `https://127.0.0.1:${closed}` });
    await expect(check()).rejects.toThrow(
      `The node answers over SSH, but its API does not: https://127.0.0.1:${closed}/api2/json/version: ` +
        `connect ECONNREFUSED 127.0.0.1:${closed}. Look there at: systemctl status pveproxy`,
    );
  });

  it("waits for an API only so long", async () => {
    status = undefined;
    await expect(check(TOKEN, 100)).rejects.toThrow(
      /api2\/json\/version: no answer within 0\.1 s\. Look there/,
    );
  });

  it("trusts no certificate of another authority", async () => {
    const other = await createAuthority(Date.now());
    node.probe = report({ authority: other.certificate.trim() });
    await expect(check()).rejects.toThrow(/certificate/);
    expect(authorizations).toEqual([]);
  });
});
