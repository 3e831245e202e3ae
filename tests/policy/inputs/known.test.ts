import { UnknownValueError } from "@pulumi/policy";
import { UNKNOWN } from "../../../policy/facts/known";
import { known } from "../../../policy/inputs/known";
import { resource, UNKNOWN_MAPPING, UNKNOWN_TEXT } from "../support/inputs";

const { props } = resource("type", "name", {
  told: "Data",
  untold: UNKNOWN_TEXT,
  inner: { told: 1, untold: UNKNOWN_MAPPING },
});

describe("reading an input", () => {
  it("gives its value", () => {
    expect(known(() => props.told)).toBe("Data");
  });

  it("gives undefined where nothing is said", () => {
    expect(known(() => props.other)).toBeUndefined();
  });

  it("throws in CrossGuard where it is unknown", () => {
    expect(() => props.untold).toThrow(UnknownValueError);
  });

  it("says that it is unknown", () => {
    expect(known(() => props.untold)).toBe(UNKNOWN);
    expect(known(() => (props.inner as Record<string, unknown>).untold)).toBe(UNKNOWN);
  });

  it("hides no other error", () => {
    const broken = new TypeError("a mistake of ours");
    expect(() =>
      known(() => {
        throw broken;
      }),
    ).toThrow(broken);
  });
});
