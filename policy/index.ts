import { PolicyPack } from "@pulumi/policy";
import { deserializeOnce } from "./deserializeOnce";
import { makePolicies } from "./pack";
import { InvalidSettings, readSettings } from "./settings/read";

try {
  deserializeOnce();
  const settings = readSettings(process.env, new Date().toISOString().slice(0, 10));
  new PolicyPack("proxmox-ha", { policies: makePolicies(settings) });
} catch (error) {
  if (!(error instanceof InvalidSettings)) throw error;
  // The engine shows what a pack writes there, and ends the run.
  console.error(error.message);
  process.exit(1);
}
