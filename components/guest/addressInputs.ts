import type { CloudInitAddress } from "./vmPlan";

/**
 * One for each card, in their order, which is how the provider puts them together. No gateway is said, too: see
 * `vmInputs`.
 */
export function addressInputs({ address, gateway, address6, gateway6 }: CloudInitAddress): {
  ipv4: { address: string; gateway: string };
  ipv6?: { address: string; gateway: string };
} {
  return {
    ipv4: { address, gateway: gateway ?? "" },
    ...(address6 ? { ipv6: { address: address6, gateway: gateway6 ?? "" } } : {}),
  };
}
