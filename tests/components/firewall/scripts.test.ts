import { Host } from "../support/host";

/** A stand-in for pvesh that keeps IP sets as files, and notes what is set. */
const PVESH = `
path="$2" verb="$1" sets="$ROOT/state/sets"
mkdir -p "$sets"
case "$verb $path" in
  "get /cluster/firewall/ipset")
    printf '['; for one in "$sets"/*; do [ -e "$one" ] && printf '{"name":"%s"},' "\${one##*/}"; done; printf ']\\n' ;;
  "get /cluster/firewall/ipset/"*)
    printf '['; while read -r cidr; do printf '{"cidr":"%s","digest":"x"},' "$cidr"; done <"$sets/\${path##*/}"; printf ']\\n' ;;
  "create /cluster/firewall/ipset") : >"$sets/$4" ;;
  "create /cluster/firewall/ipset/"*) printf '%s\\n' "$4" >>"$sets/\${path##*/}" ;;
  "delete /cluster/firewall/ipset/"*)
    name="\${path#/cluster/firewall/ipset/}"
    if [ "\${name#*/}" = "$name" ]; then
      [ -s "$sets/$name" ] && { echo "IPSet '$name' is not empty" >&2; exit 1; }
      rm "$sets/$name"
    else
      grep -vx -- "\${name#*/}" "$sets/\${name%%/*}" >"$sets/new" || true
      mv "$sets/new" "$sets/\${name%%/*}"
    fi ;;
  "get /cluster/resources") echo '[{"id":"lxc/370","vmid":370,"type":"lxc"}]' ;;
esac
`;

let host: Host;
beforeEach(() => {
  host = new Host();
  host.command("rm", '/bin/rm "$@"');
  host.command("pvesh", PVESH);
});
afterEach(() => host.remove());

const changes = (calls: string[][]): string[] =>
  calls.filter(([name, verb]) => name === "pvesh" && verb !== "get").map((call) => call.join(" "));

describe("an IP set", () => {
  const set = (...entries: string[]) => ({
    host: "pve01",
    script: "firewall/set",
    words: ["office"],
    variables: { ENTRIES: entries.join("\n") },
  });

  it("is created with its entries", async () => {
    const { code, calls } = await host.run(set("10.0.0.0/8", "dc/branch"));
    expect(code).toBe(0);
    expect(changes(calls)).toEqual([
      "pvesh create /cluster/firewall/ipset --name office",
      "pvesh create /cluster/firewall/ipset/office --cidr 10.0.0.0/8",
      "pvesh create /cluster/firewall/ipset/office --cidr dc/branch",
    ]);
  });

  it("is left alone when it has what it should", async () => {
    await host.run(set("10.0.0.0/8"));
    const { code, calls } = await host.run(set("10.0.0.0/8"));
    expect([code, changes(calls)]).toEqual([0, []]);
  });

  it("gets what is new before it loses what is old", async () => {
    await host.run(set("10.0.0.0/8", "192.168.18.7"));
    const { code, calls } = await host.run(set("10.1.0.0/16", "192.168.18.7"));
    expect(code).toBe(0);
    expect(changes(calls)).toEqual([
      "pvesh create /cluster/firewall/ipset/office --cidr 10.1.0.0/16",
      "pvesh delete /cluster/firewall/ipset/office/10.0.0.0/8",
    ]);
    expect(host.read("state/sets/office").split("\n").sort()).toEqual([
      "",
      "10.1.0.0/16",
      "192.168.18.7",
    ]);
  });

  it("is removed with all that is in it, and once only", async () => {
    await host.run(set("10.0.0.0/8", "192.168.18.7"));
    expect(await host.run(set("10.0.0.0/8"), "remove")).toMatchObject({ code: 0 });
    expect(host.exists("state/sets/office")).toBe(false);
    const { code, calls } = await host.run(set("10.0.0.0/8"), "remove");
    expect([code, changes(calls)]).toEqual([0, []]);
  });

  it("that Proxmox VE refuses stops the run", async () => {
    host.command("pvesh", `case "$1" in create) echo no >&2; exit 1;; esac; ${PVESH}`);
    const { code, stderr } = await host.run(set("10.0.0.0/8"));
    expect(code).toBe(1);
    expect(stderr).toContain("step firewall-set failed: IP set office could not be created");
  });
});

describe("the firewall of a guest", () => {
  const guest = (vmid: string) => ({
    host: "pve01",
    script: "firewall/guest",
    words: ["lxc", vmid],
    variables: { OPTIONS: "dhcp 1\nenable 1\npolicy_in DROP" },
  });

  it("is set at the node that the script runs on", async () => {
    const { code, calls } = await host.run(guest("370"));
    expect(code).toBe(0);
    expect(changes(calls)).toEqual([
      "pvesh set /nodes/pve01/lxc/370/firewall/options --dhcp 1 --enable 1 --policy_in DROP",
    ]);
  });

  it("goes back to nothing when it leaves the file", async () => {
    const { code, calls } = await host.run(guest("370"), "remove");
    expect(code).toBe(0);
    expect(changes(calls)).toEqual([
      "pvesh set /nodes/pve01/lxc/370/firewall/options --delete dhcp,enable,policy_in",
    ]);
  });

  it("is left alone when the guest is gone", async () => {
    const { code, calls } = await host.run(guest("37"), "remove");
    expect([code, changes(calls)]).toEqual([0, []]);
  });
});

describe("the end of the firewall", () => {
  it("turns it off, and its beginning does nothing", async () => {
    const off = { host: "pve01", script: "firewall/off" };
    expect(changes((await host.run(off)).calls)).toEqual([]);
    expect(changes((await host.run(off, "remove")).calls)).toEqual([
      "pvesh set /cluster/firewall/options --enable 0",
    ]);
  });
});

describe("the guard", () => {
  const guard = (client: string, allowed: string[], enabled = "yes") => ({
    host: "pve01",
    script: "firewall/guard",
    variables: {
      SSH_CLIENT: client,
      ENABLED: enabled,
      ALLOWED: allowed.join("\n"),
    },
  });

  it.each([
    ["in a network", "10.8.3.7 51000 22", ["10.8.0.0/16"]],
    ["at the end of a network", "10.8.0.31 51000 22", ["10.8.0.16/28"]],
    ["an address", "10.8.3.7 51000 22", ["192.168.18.0/24", "10.8.3.7"]],
    ["anywhere", "203.0.113.9 51000 22", ["0.0.0.0/0"]],
    ["not looked at from the host itself", "127.0.0.1 51000 22", ["10.8.0.0/16"]],
    ["not looked at without SSH", "", ["10.8.0.0/16"]],
    ["not judged in IPv6", "fd00::7 51000 22", ["10.8.0.0/16", "fd00::/8"]],
  ])("lets an administrator go on who is %s", async (_, client, allowed) => {
    expect(await host.run(guard(client, allowed))).toMatchObject({ code: 0 });
  });

  it.each([
    ["10.9.0.1 51000 22", ["10.8.0.0/16"]],
    ["10.8.0.32 51000 22", ["10.8.0.16/28"]],
    ["10.8.3.8 51000 22", ["10.8.3.7", "fd00::/8"]],
  ])("stops %s, whom %j would shut out", async (client, allowed) => {
    const { code, stderr } = await host.run(guard(client, allowed));
    const [address] = client.split(" ");
    expect(code).toBe(1);
    expect(stderr).toContain(
      `pve01: step firewall-guard failed: this login comes from ${address}, which the firewall would refuse from now on\n` +
        `  What to do: add ${address}, or its network, to firewall.management\n`,
    );
  });

  it("stops nobody while the firewall is off", async () => {
    expect(await host.run(guard("10.9.0.1 51000 22", ["10.8.0.0/16"], "no"))).toMatchObject({
      code: 0,
    });
  });
});
