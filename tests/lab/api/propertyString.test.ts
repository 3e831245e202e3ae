import { parsePropertyString, printPropertyString } from "../../../lab/api/propertyString";
import { flag, optional, type Properties, text } from "../../../lab/api/schema";

const DISK: Properties = {
  file: { type: "string", default_key: 1 },
  cache: optional(text()),
  size: optional(text()),
  ssd: optional(flag()),
};
const CARD: Properties = {
  model: { type: "string", default_key: 1 },
  macaddr: optional(text()),
  virtio: { type: "string", alias: "macaddr", keyAlias: "model" },
  e1000: { type: "string", alias: "macaddr", keyAlias: "model" },
  bridge: optional(text()),
  name: text(),
};

describe("a property string", () => {
  it.each(["Data:8,size=8G", "file=Data:8,size=8G", "size=8G,Data:8"])(
    "gives what has no key to the default key: %s",
    (value) => {
      expect(parsePropertyString(value, DISK)).toEqual({ file: "Data:8", size: "8G" });
    },
  );

  it.each([
    "file=local-lvm:cloudinit,",
    "file=local-lvm:cloudinit,, ,",
    ",file=local-lvm:cloudinit",
  ])("may hold blank parts: %j", (value) => {
    expect(parsePropertyString(value, DISK)).toEqual({ file: "local-lvm:cloudinit" });
  });

  it.each([
    ["on", "1"],
    ["YES", "1"],
    ["true", "1"],
    ["0", "0"],
    ["off", "0"],
    ["no", "0"],
  ])("reads the boolean %s as %s", (word, value) => {
    expect(parsePropertyString(`none,ssd=${word}`, DISK).ssd).toBe(value);
  });

  it("keeps everything after the first equals sign", () => {
    expect(parsePropertyString("file=a=b=c", DISK)).toEqual({ file: "a=b=c" });
  });

  it("tells model and address of a card from one part", () => {
    expect(parsePropertyString("virtio=BC:24:11:00:00:01,bridge=vmbr0", CARD)).toEqual({
      model: "virtio",
      macaddr: "BC:24:11:00:00:01",
      bridge: "vmbr0",
    });
  });

  it.each([
    ["none,foo=1", "invalid key in comma-separated list property: foo"],
    ["none,toString=1", "invalid key in comma-separated list property: toString"],
    ["none,none", "duplicate key in comma-separated list property: file"],
    ["none,ssd=1,ssd=0", "duplicate key in comma-separated list property: ssd"],
    ["none,cache=", "missing key in comma-separated list property"],
    ["none,=1", "missing key in comma-separated list property"],
  ])("is refused as %s", (value, words) => {
    expect(() => parsePropertyString(value, DISK)).toThrow(words);
  });

  it.each([
    ["model=virtio,e1000=BC:24:11:00:00:01", "key alias 'model' is already defined"],
    [
      "macaddr=BC:24:11:00:00:01,virtio=BC:24:11:00:00:01",
      "key 'macaddr' is already defined (via alias)",
    ],
  ])("is refused when an alias says a thing again: %s", (value, words) => {
    expect(() => parsePropertyString(value, CARD)).toThrow(words);
  });

  it("needs a key where there is no default one", () => {
    expect(() => parsePropertyString("yes", { a: text() })).toThrow(
      "value without key, but schema does not define a default key",
    );
  });

  it("is printed with the default key first and bare, then required keys, then the others sorted", () => {
    expect(printPropertyString({ size: "8G", cache: "none", file: "Data:8" }, DISK)).toBe(
      "Data:8,cache=none,size=8G",
    );
    expect(
      printPropertyString(
        { bridge: "vmbr0", name: "eth0", macaddr: "BC:24:11:00:00:01", model: "virtio" },
        CARD,
      ),
    ).toBe("virtio=BC:24:11:00:00:01,name=eth0,bridge=vmbr0");
  });

  it("is printed without what is not set", () => {
    expect(printPropertyString({ file: "none", cache: undefined }, DISK)).toBe("none");
    expect(printPropertyString({ model: "virtio", bridge: "vmbr0" }, CARD)).toBe(
      "virtio,bridge=vmbr0",
    );
  });
});
