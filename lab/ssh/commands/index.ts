import type { Commands } from "../command";
import { aptCommands } from "./apt";
import { backupCommands } from "./backup";
import { guestCommands } from "./guests";
import { haCommands } from "./ha";
import { machineCommands } from "./machine";
import { pvecmCommands } from "./pvecm";
import { pveshCommands } from "./pvesh";
import { pvesmCommands } from "./pvesm";
import { pveumCommands } from "./pveum";
import { qdeviceCommands } from "./qdevice";
import { shellCommands } from "./shell";
import { sshCommands } from "./ssh";
import { systemCommands } from "./system";

/** On every Debian machine. */
export const SYSTEM_COMMANDS: Commands = {
  ...aptCommands,
  ...machineCommands,
  ...shellCommands,
  ...sshCommands,
  ...systemCommands,
};

/** On a Proxmox VE node besides. */
export const NODE_COMMANDS: Commands = {
  ...backupCommands,
  ...guestCommands,
  ...haCommands,
  ...pvecmCommands,
  ...pveshCommands,
  ...pvesmCommands,
  ...pveumCommands,
  ...qdeviceCommands.node,
};

/** On the witness besides. */
export const WITNESS_COMMANDS: Commands = qdeviceCommands.witness;
