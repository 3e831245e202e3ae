import type { InterfaceFacts } from "../../../policy/facts/site";

/** A bridge of pve01 over the card eno1. */
export const bridgeOf = (changes: Partial<InterfaceFacts> = {}): InterfaceFacts => ({
  urn: "urn:vmbr0-pve01",
  name: "vmbr0-pve01",
  kind: "bridge",
  id: "vmbr0",
  node: "pve01",
  mtu: undefined,
  on: ["eno1"],
  mode: undefined,
  addresses: ["192.168.18.251/24"],
  ...changes,
});

/** The same of pve02. */
export const otherBridge = (changes: Partial<InterfaceFacts> = {}): InterfaceFacts =>
  bridgeOf({
    urn: "urn:vmbr0-pve02",
    name: "vmbr0-pve02",
    node: "pve02",
    addresses: ["192.168.18.100/24"],
    ...changes,
  });

export const bond = (changes: Partial<InterfaceFacts> = {}): InterfaceFacts =>
  bridgeOf({
    urn: "urn:bond0",
    name: "bond0-pve01",
    kind: "bond",
    id: "bond0",
    on: ["eno1", "eno2"],
    mode: "active-backup",
    addresses: [],
    ...changes,
  });
