import { routerOf } from "../network/router";
import { ARCHIVES } from "../node/archives";
import type { FileState } from "../state/types";
import { CARDS } from "../network/files";
import { DEBIAN_KEYRING } from "./keyrings";

const file = (content: string, mode = 0o644): FileState => ({ content, mode });

/** Debian's own package sources, as its installer writes them from release 13 on. */
export const debianSources = (): Record<string, FileState> => ({
  "/etc/apt/sources.list.d/debian.sources": file(
    `Types: deb
URIs: http://${ARCHIVES.debian}/debian/
Suites: trixie trixie-updates
Components: main non-free-firmware
Signed-By: ${DEBIAN_KEYRING}

Types: deb
URIs: http://${ARCHIVES.security}/debian-security/
Suites: trixie-security
Components: main non-free-firmware
Signed-By: ${DEBIAN_KEYRING}
`,
  ),
});

/** What Debian's installer leaves on a machine that got its address by DHCP, and somebody who gave it that for good. */
export function bareFiles(name: string, address: string): Record<string, FileState> {
  const router = routerOf(address);
  return {
    "/etc/hosts": file(
      `127.0.0.1\tlocalhost
127.0.1.1\t${name}.lan\t${name}

# The following lines are desirable for IPv6 capable hosts
::1     localhost ip6-localhost ip6-loopback
ff02::1 ip6-allnodes
ff02::2 ip6-allrouters
`,
    ),
    "/etc/network/interfaces": file(
      `# This file describes the network interfaces available on your system
# and how to activate them. For more information, see interfaces(5).

source /etc/network/interfaces.d/*

# The loopback network interface
auto lo
iface lo inet loopback

# The primary network interface
allow-hotplug ${CARDS[0]}
iface ${CARDS[0]} inet static
	address ${address}/24
	gateway ${router}
`,
    ),
    "/etc/resolv.conf": file(`search lan\nnameserver ${router}\n`),
    "/etc/ssh/sshd_config": file(
      "Include /etc/ssh/sshd_config.d/*.conf\n#PermitRootLogin prohibit-password\nUsePAM yes\nSubsystem\tsftp\t/usr/lib/openssh/sftp-server\n",
    ),
    "/etc/timezone": file("Etc/UTC\n"),
    ...debianSources(),
  };
}

export const GRUB_DEFAULTS: Record<string, FileState> = {
  "/etc/default/grub": file(
    'GRUB_DEFAULT=0\nGRUB_TIMEOUT=5\nGRUB_DISTRIBUTOR=`( . /etc/os-release && echo ${NAME} )`\nGRUB_CMDLINE_LINUX_DEFAULT="quiet"\nGRUB_CMDLINE_LINUX=""\n',
  ),
};
