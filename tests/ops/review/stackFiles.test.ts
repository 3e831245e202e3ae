import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { copySecrets, secretKeys, withoutSecrets } from "../../../ops/review/stackFiles";

const folder = mkdtempSync(join(tmpdir(), "proxmox-ha-stackfiles-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const TEAM = `# The real site.
secretsprovider: awskms://key
encryptedkey: abc
encryptionsalt: v1:team
config:
  proxmox-ha:site:
    # Permanent.
    cluster: { name: mizar }
  proxmox-ha:webPassword:
    secure: v1:teams:own
`;

describe("a stack's file in a review", () => {
  it("names its secrets", () => {
    expect(secretKeys(file("a.yaml", TEAM))).toEqual(["proxmox-ha:webPassword"]);
    expect(secretKeys(file("b.yaml", "encryptionsalt: v1:x\n"))).toEqual([]);
  });

  it("loses what only its owner can read, and nothing else", () => {
    const path = file("c.yaml", TEAM);
    withoutSecrets(path);
    const text = readFileSync(path, "utf8");
    expect(text).not.toMatch(/secure|salt|awskms|abc|webPassword/);
    expect(text).toContain("# Permanent.\n    cluster: { name: mizar }");
  });

  it("gets the secrets that were made for the review, and their key", () => {
    const path = file("d.yaml", TEAM);
    withoutSecrets(path);
    const made = file(
      "e.yaml",
      "encryptionsalt: v1:review\nconfig:\n  proxmox-ha:webPassword:\n    secure: v1:made:up\n",
    );
    copySecrets(made, path, ["proxmox-ha:webPassword"]);
    expect(secretKeys(path)).toEqual(["proxmox-ha:webPassword"]);
    expect(readFileSync(path, "utf8")).toMatch(
      /secure: v1:made:up\n[\s\S]*encryptionsalt: v1:review/,
    );
  });
});
