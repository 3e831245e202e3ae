import type { RemoteScriptArgs } from "../../../components/remoteScript";
import { runScript } from "../support/labSteps";
import { Host } from "../support/host";
import { endsAlike } from "../support/killed";
import { newState, START } from "../../lab/support/lab";
import { Machines } from "../../lab/cluster/support/machines";

/** The bridge that guests are connected to: Proxmox VE's installer makes it, on a former Debian this script does. */

const STEP: RemoteScriptArgs = {
  host: "pve01",
  script: "network/bridge",
  variables: { ADDRESS: "192.168.18.251", BRIDGE: "vmbr0" },
};

const DEBIAN = `# written by hand
auto lo
iface lo inet loopback

allow-hotplug eno1
iface eno1 inet static
\taddress 192.168.18.251/24
\tgateway 192.168.18.1
\tmtu 9000

auto eno2
iface eno2 inet manual
`;

const BRIDGED = `# written by hand
auto lo
iface lo inet loopback

allow-hotplug eno1
iface eno1 inet manual
\tmtu 9000

auto vmbr0
iface vmbr0 inet static
\taddress 192.168.18.251/24
\tgateway 192.168.18.1
\tmtu 9000
\tbridge-ports eno1
\tbridge-stp off
\tbridge-fd 0

auto eno2
iface eno2 inet manual
`;

/** ip(8) tells what `applied` says; ifreload (ifupdown2) copies the file there, or fails where `broken` is. */
const COMMANDS: Record<string, string> = {
  ip: `
file="$state/applied"
case "$*" in
  "-o link show "*) grep -q "^iface $4 " "$file" ;;
  "-o addr show"*)
    name=eno1
    ! grep -q "^iface vmbr0 " "$file" || name=vmbr0
    echo "1: lo    inet 127.0.0.1/8 scope host lo\\ valid_lft forever"
    [ -e "$state/addressless" ] || echo "2: $name    inet 192.168.18.251/24 brd 192.168.18.255 scope global $name\\ valid_lft forever"
    ;;
esac`,
  ifreload: `[ ! -e "$state/broken" ] || { /bin/rm "$state/broken"; exit 1; }
cat "$ROOT/etc/network/interfaces" >"$state/applied"`,
  rm: `/bin/rm "$@"`,
};

const hosts: Host[] = [];
function host(state: Record<string, string> = {}): Host {
  const made = new Host({ "etc/network/interfaces": DEBIAN, "state/applied": DEBIAN, ...state });
  for (const [name, body] of Object.entries(COMMANDS)) made.command(name, body);
  hosts.push(made);
  return made;
}
afterEach(() => hosts.splice(0).forEach((made) => made.remove()));

const interfaces = (made: Host): string => made.read("etc/network/interfaces");

it("moves the address of the network card to a bridge, and leaves all else as it is", async () => {
  const made = host();
  const { code, stderr } = await made.run(STEP);
  expect(stderr).toBe("pve01: puts eno1 into the bridge vmbr0\npve01: has the bridge vmbr0\n");
  expect(code).toBe(0);
  expect(interfaces(made)).toBe(BRIDGED);
  expect(made.read("state/applied")).toBe(BRIDGED);
  expect(made.exists("etc/network/interfaces.proxmox-ha")).toBe(false);
});

it("takes a card that comes last in the file", async () => {
  const last = "auto eno1\niface eno1 inet static\n  address 192.168.18.251/24";
  const made = host({ "etc/network/interfaces": last, "state/applied": last });
  expect((await made.run(STEP)).code).toBe(0);
  expect(interfaces(made)).toBe(
    "auto eno1\niface eno1 inet manual\n\nauto vmbr0\niface vmbr0 inet static\n  address 192.168.18.251/24\n" +
      "\tbridge-ports eno1\n\tbridge-stp off\n\tbridge-fd 0\n\n",
  );
});

it("touches nothing where there is such a bridge", async () => {
  const made = host({ "etc/network/interfaces": BRIDGED, "state/applied": BRIDGED });
  const before = made.files();
  const { code, calls } = await made.run(STEP);
  expect(code).toBe(0);
  expect(made.files()).toEqual(before);
  expect(calls.map(([name]) => name)).not.toContain("ifreload");
});

it("comes to the same end after being killed at any moment", async () => {
  await endsAlike(host(), STEP);
});

describe("puts the network back as it was", () => {
  it("when ifreload fails", async () => {
    const made = host({ "state/broken": "" });
    const { code, stderr } = await made.run(STEP);
    expect(code).toBe(1);
    expect(stderr).toContain("ifreload -a did not succeed; the network is as it was\n");
    expect(interfaces(made)).toBe(DEBIAN);
    expect(made.read("state/applied")).toBe(DEBIAN);
  });

  it("when the bridge has no address ten seconds later", async () => {
    const made = host();
    made.command(
      "ip",
      `[ "$3 $4" = "show vmbr0" ] && [ "$2" = addr ] && exit 0\n${COMMANDS.ip ?? ""}`,
    );
    const { code, stderr, calls } = await made.run(STEP);
    expect(code).toBe(1);
    expect(stderr).toContain("the bridge vmbr0 did not get the address 192.168.18.251;");
    expect(calls.filter(([name]) => name === "sleep")).toHaveLength(10);
    expect(interfaces(made)).toBe(DEBIAN);
  });
});

describe("changes nothing, and says what to do,", () => {
  it.each([
    [
      "with HA active on the node",
      { "run/watchdog-mux.active/x": "" },
      "HA is active on this node: a change of its network could reset it",
    ],
    [
      "where no card has the address",
      { "state/addressless": "" },
      "no network card has the address 192.168.18.251",
    ],
    [
      "where the address is set elsewhere",
      { "etc/network/interfaces": "source /etc/network/interfaces.d/*\n" },
      "/etc/network/interfaces does not set the address of eno1, which has 192.168.18.251",
    ],
    [
      "where the card has an IPv6 address",
      { "etc/network/interfaces": `${DEBIAN}\niface eno1 inet6 auto\n` },
      "/etc/network/interfaces gives eno1 an IPv6 address too",
    ],
  ] as [string, Record<string, string>, string][])("%s", async (_, state, words) => {
    const made = host(state);
    const before = interfaces(made);
    const { code, stderr } = await made.run(STEP);
    expect(code).toBe(1);
    expect(stderr).toContain(words);
    expect(stderr).toMatch(/\n {2}What to do: .+\n$/);
    expect(interfaces(made)).toBe(before);
  });

  it("without ifupdown2", async () => {
    const made = new Host({ "etc/network/interfaces": DEBIAN, "state/applied": DEBIAN });
    made.command("ip", COMMANDS.ip ?? "");
    hosts.push(made);
    const { code, stderr } = await made.run(STEP);
    expect(code).toBe(1);
    expect(stderr).toContain("apt-get install ifupdown2, on the host");
  });
});

it("gives a node of the lab the same file", async () => {
  const lab = new Machines(await newState(), START);
  const file = lab.site.host("pve01").files["/etc/network/interfaces"];
  if (!file) throw new Error("a node has such a file");
  file.content = DEBIAN;
  const { exitCode, stderr } = await runScript(lab, "pve01", "network/bridge", {
    ADDRESS: "192.168.18.251",
    BRIDGE: "vmbr0",
  });
  expect([exitCode, stderr]).toEqual([
    0,
    "pve01: puts eno1 into the bridge vmbr0\npve01: has the bridge vmbr0\n",
  ]);
  expect(lab.site.host("pve01").files["/etc/network/interfaces"]?.content).toBe(BRIDGED);
});
