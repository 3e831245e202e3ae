import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { createAuthority, issueCertificate } from "../../lab/state/pki";
import { OpsError } from "../../ops/errors";
import { preflight } from "../../ops/preflight";
import type { ResourceState } from "../../ops/pulumi";
import { DEV, Project } from "../toolchain/launcher/support/project";
import { members, report, STANDALONE } from "../toolchain/launcher/support/reports";
import { freePort } from "../toolchain/command/support/sshd";
import { checkpoint, dev, resource, type SiteNode, startNode } from "./support/site";

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
  project.write("Pulumi.dev.yaml", DEV);
  project.lab({ pve01: node }, { pve01: `https://127.0.0.1:${port}` });
  stateHas({ plaintext: JSON.stringify(TOKEN) });
});
afterAll(async () => {
  api.closeAllConnections();
  api.close();
  await node.stop();
  project.dispose();
});

function stateHas(apiToken: unknown, ...others: ResourceState[]): void {
  const provider = resource("pulumi:providers:proxmoxve", "pve", { apiToken });
  const state = checkpoint([provider, ...others]);
  project.answer({ "stack export": { stdout: JSON.stringify(state) } });
}
const FOUND = resource("command:remote:Command", "found");

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

  it.each([
    ["with a token", TOKEN],
    ["that was cut short before the token", undefined],
  ])("says that the lab was reset since a state %s was written", async (_, token) => {
    stateHas(token, FOUND);
    node.probe = report({ authority: trusted, members: STANDALONE });
    status = 401;
    const refused = preflight(dev(project));
    await expect(refused).rejects.toThrow(OpsError);
    await expect(refused).rejects.toThrow(
      "The lab was reset since the state of stack dev was written: its nodes are in no cluster, and what the state " +
        "describes is gone with the hosts of then.\nForget that state and build anew: rm -r .state, then make up",
    );
    expect(authorizations).toEqual([]);
  });

  it.each([
    ["whose cluster is there", [FOUND], true],
    ["that has founded no cluster yet", [], false],
  ])("takes no lab for reset %s", async (_, others, clustered) => {
    stateHas(TOKEN, ...others);
    node.probe = report({
      authority: trusted,
      members: clustered ? members(true) : STANDALONE,
    });
    await preflight(dev(project));
    expect(authorizations).toHaveLength(1);
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
    node.probe = report({ authority: other.certificate.trim() });
    await expect(preflight(dev(project))).rejects.toThrow(/certificate/);
    expect(authorizations).toEqual([]);
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
