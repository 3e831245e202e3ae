import { isMounted } from "../../system/nodes";
import { type Command, type Commands, fail } from "../command";
import { aptCommands } from "./apt";
import { backupCommands } from "./backup";
import { checksumCommands } from "./checksums";
import { databaseCommands } from "./database";
import { debconfCommands } from "./debconf";
import { dpkgCommands } from "./dpkg";
import { fetchCommands } from "./fetch";
import { guestCommands } from "./guests";
import { haCommands } from "./ha";
import { machineCommands } from "./machine";
import { moduleCommands } from "./modules";
import { powerCommands } from "./power";
import { pvecmCommands } from "./pvecm";
import { pvenodeCommands } from "./pvenode";
import { pveshCommands } from "./pvesh";
import { pvesmCommands } from "./pvesm";
import { pveumCommands } from "./pveum";
import { qdeviceCommands } from "./qdevice";
import { rsyncCommands } from "./rsync";
import { shellCommands } from "./shell";
import { sshCommands } from "./ssh";
import { systemCommands } from "./system";
import { systemctlCommands } from "./systemctl";
import { transientUnitCommands } from "./transientUnits";

/** Of Debian, as far as a host's packages bring them. */
export const SYSTEM_COMMANDS: Commands = {
  ...aptCommands,
  ...checksumCommands,
  ...databaseCommands,
  ...debconfCommands,
  ...dpkgCommands,
  ...fetchCommands,
  ...machineCommands,
  ...moduleCommands,
  ...powerCommands,
  ...rsyncCommands,
  ...shellCommands,
  ...sshCommands,
  ...systemCommands,
  ...systemctlCommands,
  ...transientUnitCommands,
  ...qdeviceCommands.witness,
};

/** Of Proxmox VE. */
export const NODE_COMMANDS: Commands = Object.fromEntries(
  Object.entries({
    ...backupCommands,
    ...guestCommands,
    ...haCommands,
    ...pvecmCommands,
    ...pvenodeCommands,
    ...pveshCommands,
    ...pvesmCommands,
    ...pveumCommands,
    ...qdeviceCommands.node,
  }).map(([name, command]) => [name, needsPmxcfs(command)]),
);

/** They all ask pmxcfs first, whatever they are to do. */
function needsPmxcfs(command: Command): Command {
  return (args, context) =>
    isMounted(context.host)
      ? command(args, context)
      : fail(
          "ipcc_send_rec[1] failed: Connection refused\nipcc_send_rec[2] failed: Connection refused\nipcc_send_rec[3] failed: Connection refused\nUnable to load access control list: Connection refused",
          111,
        );
}
