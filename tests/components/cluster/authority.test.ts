import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { BUNDLE_VARIABLE, onceTrusted } from "../../../components/cluster/authority";
import { useConnections } from "../support/connections";
import { plain, useStack } from "../support/pulumi";
import { built, TOKEN_SECRET } from "../support/reference";
import { inputsOf } from "../support/resources";

const connections = useConnections();
const folder = mkdtempSync(join(tmpdir(), "bundle-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const bundle = join(folder, "ca-dev.pem");
const read = (): string => readFileSync(bundle, "utf8");

const CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMIIF\n-----END CERTIFICATE-----";
const NO_AUTHORITY_YET = { [BUNDLE_VARIABLE]: bundle };
const token = pulumi.secret("user@pve!id=secret");
const unknown = pulumi.output(pulumi.unknown as string);

beforeEach(async () => {
  await useStack("dev", {});
  writeFileSync(bundle, "SYSTEM\n");
});

/** What an output comes to; undefined while it is unknown. */
async function valueOf(output: pulumi.Output<string>): Promise<string | undefined> {
  const { promise, isKnown } = output as unknown as {
    promise(): Promise<string>;
    isKnown: Promise<boolean>;
  };
  return (await isKnown) ? promise() : undefined;
}

describe("the provider's token", () => {
  it("is handed out when the cluster's authority is among the trusted ones", async () => {
    const certificate = pulumi.output(`${CERTIFICATE}\n`);
    expect(await valueOf(onceTrusted(token, certificate, NO_AUTHORITY_YET))).toBe(
      "user@pve!id=secret",
    );
    expect(read()).toBe(`SYSTEM\n${CERTIFICATE}\n`);
    expect(readdirSync(folder)).toEqual(["ca-dev.pem"]);
  });

  it("waits for an authority that is not known yet, and the bundle stays as it is", async () => {
    expect(await valueOf(onceTrusted(token, unknown, NO_AUTHORITY_YET))).toBeUndefined();
    expect(read()).toBe("SYSTEM\n");
  });

  it("waits for nothing where the launcher has found an authority: no edit of a script makes it unknown", async () => {
    expect(onceTrusted(token, unknown, {})).toBe(token);
  });

  it("brings no certificate twice", async () => {
    const certificate = pulumi.output(CERTIFICATE);
    for (const _ of [1, 2]) await valueOf(onceTrusted(token, certificate, NO_AUTHORITY_YET));
    expect(read()).toBe(`SYSTEM\n${CERTIFICATE}\n`);
  });

  it("stays a secret", async () => {
    const handedOut = onceTrusted(token, pulumi.output(CERTIFICATE), NO_AUTHORITY_YET);
    expect(await pulumi.isSecret(handedOut)).toBe(true);
  });

  it("is the same for the provider either way", async () => {
    process.env[BUNDLE_VARIABLE] = bundle;
    const bare = await built(connections).finally(() => delete process.env[BUNDLE_VARIABLE]);
    for (const resources of [bare, await built(connections)]) {
      const { apiToken } = inputsOf(resources, "proxmoxve pve");
      expect(plain(apiToken)).toBe(`proxmox-ha-dev@pve!pulumi-dev=${TOKEN_SECRET}`);
    }
    expect(read()).toBe(`SYSTEM\n${CERTIFICATE}\n`);
  });

  it("is unknown to a preview of bare hosts, and the bundle stays as it is", async () => {
    process.env[BUNDLE_VARIABLE] = bundle;
    const preview = await built(connections, {}, {}, true).finally(
      () => delete process.env[BUNDLE_VARIABLE],
    );
    expect(inputsOf(preview, "proxmoxve pve").apiToken).toBe(pulumi.runtime.unknownValue);
    expect(read()).toBe("SYSTEM\n");
  });
});
