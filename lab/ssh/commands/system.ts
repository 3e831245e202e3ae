import { managerVersion, releaseOf, VERSIONS } from "../../api/version";
import { resolve } from "../../node/ports";
import { runningKernel } from "../../system/kernels";
import { type Commands, fail, ok } from "../command";

export const systemCommands: Commands = {
  hostname: (args, { host }) => {
    if (args.some((arg) => /^(-I|--all-ip-addresses)$/.test(arg))) return ok(`${host.address}\n`);
    if (args.some((arg) => /^(-i|--ip-address)$/.test(arg))) {
      const address = resolve(host, host.name);
      return address === undefined
        ? fail("hostname: Name or service not known")
        : ok(`${address}\n`);
    }
    if (args.some((arg) => /^(-f|--fqdn)$/.test(arg))) return ok(`${host.name}.lan\n`);
    return ok(`${host.name}\n`);
  },
  id: (args) =>
    args[0] === "-u"
      ? ok("0\n")
      : args[0] === "-un"
        ? ok("root\n")
        : ok("uid=0(root) gid=0(root) groups=0(root)\n"),
  whoami: () => ok("root\n"),
  nproc: (_args, { host }) => ok(`${host.machine?.cpus ?? host.node?.cpus ?? 2}\n`),
  pveversion: (args, { host }) => {
    const release = releaseOf(host);
    const line = `${managerVersion(release)} (running kernel: ${runningKernel(host)})`;
    const meta = `proxmox-ve: ${VERSIONS[release].release}.0\n`;
    return ok(args.includes("-v") ? `${meta}${line}\n` : `${line}\n`);
  },
};
