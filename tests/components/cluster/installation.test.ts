import { planSite } from "../../../components/plan";
import { READY } from "../../ops/installer/support";
import { refuses } from "../support/broken";
import { SETTINGS } from "../support/reference";
import { site } from "../support/site";

const changed = (path: string, value: unknown) => ({ ...structuredClone(READY), [path]: value });
const COMMON = "cluster.installation";
const OWN = "nodes.pve01.installation";

describe("what the site file says for installation media", () => {
  it("changes nothing that an update would make", () => {
    expect(planSite(site(READY), SETTINGS)).toEqual(planSite(site(), SETTINGS));
  });

  it("may be left out, and has sizes for /boot and swap by itself", () => {
    expect(site().nodes.pve01?.installation).toBeUndefined();
    const { installation } = site({ [OWN]: { disks: ["sda"], device: "eno1" } }).nodes.pve01 ?? {};
    expect(installation).toEqual({
      disks: ["sda"],
      device: "eno1",
      bootSize: 1024 ** 3,
      swapSize: 2 * 1024 ** 3,
    });
  });

  it.each(["UTC", "Europe/Vienna", "Asia/Kolkata", "America/Argentina/Buenos_Aires"])(
    "takes the time zone %s",
    (timezone) => {
      const { cluster } = site(changed(`${COMMON}.timezone`, timezone));
      expect(cluster.installation?.timezone).toBe(timezone);
    },
  );

  it.each([
    "ssh-rsa AAAA",
    "ecdsa-sha2-nistp256 AAAA= admin@pc",
    "sk-ssh-ed25519@openssh.com AAAA a token",
  ])("takes the key %s", (key) => {
    const { cluster } = site(changed(`${COMMON}.sshKeys`, [key]));
    expect(cluster.installation?.sshKeys).toEqual([key]);
  });
});

const ZONE = "write a name of the tz database, as in Europe/Berlin, or UTC";
const KEY = "write a public key, as in an authorized_keys file";
const COUNTRY = "write a country's two letters (ISO 3166), as in de or at";
const DISK = "write a disk's name without /dev/, as in sda or nvme0n1";

describe("a value for installation media", () => {
  const rows: [what: string, path: string, value: unknown, message: string][] = [
    ["time zone in other letters", `${COMMON}.timezone`, "Europe/berlin", ZONE],
    ["time zone that is an offset", `${COMMON}.timezone`, "Etc/GMT+1", ZONE],
    ["time zone that is no place", `${COMMON}.timezone`, "Mars/Olympus", ZONE],
    ["country in capitals", `${COMMON}.country`, "AT", COUNTRY],
    ["country that ISO calls otherwise", `${COMMON}.country`, "uk", COUNTRY],
    ["country that does not exist", `${COMMON}.country`, "xx", COUNTRY],
    [
      "domain with an underscore",
      `${COMMON}.domain`,
      "my_net.lan",
      "write a domain in lower-case letters, as in example.org",
    ],
    [
      "mail address without a domain",
      `${COMMON}.mail`,
      "root",
      "write a mail address, as in admin@example.org",
    ],
    [
      "password",
      `${COMMON}.passwordFrom`,
      "not a name",
      "name a configuration key, as in rootPasswordHash",
    ],
    [
      "network card by its address",
      `${OWN}.device`,
      "00:11:22:33:44:55",
      "write the name that Linux gives the network card, as in enp3s0",
    ],
    ["size of /boot that is too small", `${OWN}.bootSize`, "100 MiB", "write 512 MiB or more"],
    ["size of / that is too small", `${OWN}.rootSize`, "4 GiB", "write 8 GiB or more"],
  ];
  refuses(
    rows.map(([what, path, value, message]) => [
      `is refused: a ${what}`,
      changed(path, value),
      `${path}: ${JSON.stringify(value)}; ${message}`,
    ]),
  );
  refuses([
    [
      "is refused: a disk by its path",
      changed(`${OWN}.disks`, ["/dev/sda", "sdb"]),
      `${OWN}.disks.0: "/dev/sda"; ${DISK}`,
    ],
    [
      "is refused: the same disk twice",
      changed(`${OWN}.disks`, ["sda", "sda"]),
      `${OWN}.disks: a list; name each only once`,
    ],
    [
      "is refused: a key that would end a shell's quotes",
      changed(`${COMMON}.sshKeys`, ["ssh-rsa AAAA it's"]),
      `${COMMON}.sshKeys.0: "ssh-rsa AAAA it's"; ${KEY}`,
    ],
    [
      "is refused: no key at all",
      changed(`${COMMON}.sshKeys`, []),
      `${COMMON}.sshKeys: an empty list; name at least one`,
    ],
    [
      "is refused: a router elsewhere",
      changed("network.gateway", "10.0.0.1"),
      "network.gateway: 10.0.0.1 is not in the site's network 192.168.18.0/24 (network.cidr); correct one of them",
    ],
  ]);
});
