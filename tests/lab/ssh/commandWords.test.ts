import { freshHosts, type Machines } from "../cluster/support/machines";

let lab: Machines;
beforeEach(async () => {
  lab = await freshHosts();
});

describe("the first word of a command", () => {
  it.each([
    ["the arguments", `run() { "$@"; }; run printf '<%s>' 'a b' c`, "<a b><c>"],
    ["unquoted arguments", `run() { $@; }; run printf '<%s>' 'a b'`, "<a><b>"],
    ["an array", `call=(printf '<%s>'); "\${call[@]}" 'a b'`, "<a b>"],
    ["a variable of many words", "call='echo a b'; $call c", "a b c\n"],
    ["an empty variable before a command", "sudo=; $sudo echo a", "a\n"],
    ["what a command printed", "$(echo echo a) b", "a b\n"],
    ["a function", `greet() { echo "Hello $1"; }; run() { "$@"; }; run greet you`, "Hello you\n"],
    ["a built-in", `run() { "$@"; }; run export GREETING=hello; echo $GREETING`, "hello\n"],
    ["no arguments at all", `set -u; set --; "$@"; echo $?`, "0\n"],
    [
      "the value of a quoted variable, unsplit",
      `call='echo a'; "$call" 2>/dev/null || echo $?`,
      "127\n",
    ],
    ["arguments in a nested shell", `bash -c '"$@"' name echo a b`, "a b\n"],
  ])("is %s", async (_what, script, out) => {
    expect(await lab.out("pve01", script)).toBe(out);
  });

  it("lets a client's sudo wrapper write its input to a file", async () => {
    const script = `try_sudo() { if [ "$use" = 1 ]; then sudo "$@"; else "$@"; fi; }; try_sudo /usr/bin/tee /root/note`;
    await lab.out("pve01", `/bin/bash -c '${script}'`, "text\n");
    expect(await lab.out("pve01", "cat /root/note")).toBe("text\n");
  });
});
