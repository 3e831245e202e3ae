import { redactor } from "../../../toolchain/command/redact";
import { secret } from "../../../toolchain/command/values";

test("a text without secrets stays as it is", () => {
  expect(redactor({ create: "ls" })("ls")).toBe("ls");
  expect(redactor({ create: secret("other") })("ls -l")).toBe("ls -l");
});

test("hides secrets wherever they are in the inputs", () => {
  const redact = redactor(
    { create: secret("the-command"), environment: { A: secret("value-a"), B: "value-b" } },
    { triggers: [{ deep: secret(["listed"]) }], stdout: secret("printed") },
  );
  expect(redact("the-command value-a value-b listed printed listed")).toBe(
    "[secret] [secret] value-b [secret] [secret] [secret]",
  );
});

test("shows host and user of a connection, but not its credentials", () => {
  const redact = redactor({
    connection: secret({
      host: "pve01",
      user: "root",
      password: secret("hunter2"),
      privateKey: "KEY123",
    }),
  });
  expect(redact("root@pve01 hunter2 KEY123")).toBe("root@pve01 [secret] [secret]");
});

test("hides single lines of a secret script", () => {
  const redact = redactor({ stdin: secret("set -eu\nTOKEN='a b c'\r\n  echo done\nfi\n") });
  expect(redact("bash: line 2: TOKEN='a b c': no")).toBe("bash: line 2: [secret]: no");
  expect(redact("+ echo done; fi")).toBe("+ [secret]; fi");
});

test("prefers the longer of two secrets that begin alike", () => {
  const redact = redactor({ environment: { A: secret("secret"), B: secret("secret-and-more") } });
  expect(redact("x secret-and-more y secret z")).toBe("x [secret] y [secret] z");
});

test("hides a secret with whitespace around it where it is shown without", () => {
  expect(redactor({ stdin: secret("  hunter2\n") })("got hunter2.")).toBe("got [secret].");
});

test("hides numbers, and leaves values alone that are too short to tell", () => {
  const redact = redactor({ triggers: [secret(123456), secret("ab"), secret(true), secret(null)] });
  expect(redact("123456 ab true null")).toBe("[secret] ab true null");
});
