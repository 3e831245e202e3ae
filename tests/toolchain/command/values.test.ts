import {
  equal,
  hasUnknown,
  isSecret,
  isUnknown,
  mapRevealed,
  reveal,
  revealAll,
  secret,
  UNKNOWN,
} from "../../../toolchain/command/values";

const SIGNATURE = "4dabf18193072939515e22adb298388d";

describe("secrets", () => {
  test("carry the signature that the engine looks for", () => {
    expect(secret("x")).toEqual({ [SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270", value: "x" });
  });

  test("are wrapped once only", () => {
    expect(secret(secret("x"))).toEqual(secret("x"));
  });

  test("are revealed one level at a time, or all at once", () => {
    const nested = secret({ a: secret("x"), b: [secret(1)] });
    expect(reveal(nested)).toEqual({ a: secret("x"), b: [secret(1)] });
    expect(revealAll(nested)).toEqual({ a: "x", b: [1] });
  });

  test("stay secrets when what is inside changes", () => {
    expect(mapRevealed(secret("x"), (v) => `${v}!`)).toEqual(secret("x!"));
    expect(mapRevealed("x", (v) => `${v}!`)).toBe("x!");
  });

  test("are not mistaken for assets, which have a signature too", () => {
    expect(isSecret({ [SIGNATURE]: "c44067f5952c0a294b673a41bacd8c17", text: "x" })).toBe(false);
  });
});

describe("unknown values", () => {
  test("are found inside lists, objects and secrets", () => {
    expect(hasUnknown({ a: [secret({ b: UNKNOWN })] })).toBe(true);
    expect(hasUnknown({ a: [secret({ b: "known" })] })).toBe(false);
    expect(hasUnknown(undefined)).toBe(false);
  });

  test("may be of any type, and secret", () => {
    expect(isUnknown("6a19a0b0-7e62-4c92-b797-7f8e31da9cc2")).toBe(true);
    expect(isUnknown(secret(UNKNOWN))).toBe(true);
    expect(isUnknown(secret({ a: UNKNOWN }))).toBe(false);
  });
});

describe("equality", () => {
  test("takes null and absent for the same", () => {
    expect(equal({ a: 1, b: null }, { a: 1 })).toBe(true);
    expect(equal(undefined, null)).toBe(true);
  });

  test("tells a secret from the same value in plain", () => {
    expect(equal(secret("x"), "x")).toBe(false);
    expect(equal(secret("x"), secret("x"))).toBe(true);
  });

  test("looks at order and length of lists", () => {
    expect(equal([1, 2], [2, 1])).toBe(false);
    expect(equal([1], [1, null])).toBe(false);
    expect(equal([{ a: [1] }], [{ a: [1] }])).toBe(true);
  });

  test("tells a list from an object", () => {
    expect(equal([], {})).toBe(false);
  });
});

describe("equality of signed objects", () => {
  const asset = { [SIGNATURE]: "c44067f5952c0a294b673a41bacd8c17", hash: "abc" };
  const resource = { [SIGNATURE]: "5cf8f73096256a8f31e491e813e4eb8e", urn: "urn:a", id: "1" };

  test("is that of the content for assets, wherever they come from", () => {
    expect(equal({ ...asset, path: "a" }, { ...asset, path: "b" })).toBe(true);
    expect(equal(asset, { ...asset, hash: "def" })).toBe(false);
    const { hash: _, ...unhashed } = asset;
    expect(equal({ ...unhashed, path: "a" }, { ...unhashed, path: "b" })).toBe(false);
  });

  test("is that of the resource for references, whatever the plugin's version", () => {
    expect(equal({ ...resource, packageVersion: "1" }, { ...resource, packageVersion: "2" })).toBe(
      true,
    );
    expect(equal(resource, { ...resource, id: "2" })).toBe(false);
  });

  test("does not mix kinds", () => {
    expect(equal(asset, { ...asset, [SIGNATURE]: "0def7320c3a5731c473e5ecbe6d01bc7" })).toBe(false);
  });
});
