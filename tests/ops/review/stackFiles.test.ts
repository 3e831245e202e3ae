import { sealedIn, withSecrets } from "../../../ops/review/stackFiles";

const TEAM = `secretsprovider: awskms://key
encryptedkey: abc
encryptionsalt: v1:team
config:
  proxmox-ha:site:
    # Permanent.
    cluster: { name: mizar }
  proxmox-ha:webPassword:
    secure: v1:teams:own
  other:accounts:
    - name: root
      password: { secure: v1:teams:second }
    - secure: v1:teams:third
`;
const MADE = "encryptionsalt: v1:review\nconfig:\n  proxmox-ha:sealed:\n    secure: v1:made:up\n";
const SEALED = { salt: "v1:review", secret: "v1:made:up" };

describe("a stack's file in a review", () => {
  it("has the secret that was made for the review, and its key", () => {
    expect(sealedIn(MADE, "proxmox-ha:sealed")).toEqual(SEALED);
  });

  it("has it wherever the owner of the stack has a secret, and loses what only the owner can read", () => {
    expect(withSecrets(TEAM, SEALED)).toBe(`encryptionsalt: v1:review
config:
  proxmox-ha:site:
    # Permanent.
    cluster: { name: mizar }
  proxmox-ha:webPassword:
    secure: v1:made:up
  other:accounts:
    - name: root
      password: { secure: v1:made:up }
    - secure: v1:made:up
`);
  });

  it("has the key where it had no secret before", () => {
    expect(withSecrets("config:\n  a:b: c\n", SEALED)).toBe(
      "config:\n  a:b: c\nencryptionsalt: v1:review\n",
    );
  });
});
