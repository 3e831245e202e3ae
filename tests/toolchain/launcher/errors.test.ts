import { LauncherError, wordsOf } from "../../../toolchain/launcher/errors";

describe("the words of an error", () => {
  it("are its own where we have written them", () => {
    expect(wordsOf(new LauncherError("Do this."), { PROXMOX_HA_TRACE: "1" })).toBe("Do this.");
  });

  it("are one line for an error that nobody expected", () => {
    const error = new TypeError("x is not a function");
    expect(wordsOf(error, {})).toBe(
      "Unexpected: x is not a function (PROXMOX_HA_TRACE=1 shows where)",
    );
    expect(wordsOf("a text", {})).toBe("Unexpected: a text");
  });

  it("say where for those who ask", () => {
    expect(wordsOf(new Error("x"), { PROXMOX_HA_TRACE: "1" })).toMatch(/^Error: x\n\s+at .*errors/);
  });
});
