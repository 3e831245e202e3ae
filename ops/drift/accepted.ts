import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { stackFileName } from "../../toolchain/launcher/stackFile";
import { OpsError } from "../errors";
import type { Stack } from "../stack";

const KEY = "proxmox-ha:unmanaged";

/** What stays as it is, with the reason: `guest/900: the old firewall`. */
const schema = z.record(
  z.string().regex(/^(guest|storage|backup|ha|rule|user)\/\S+$/),
  z.string().trim().min(1),
);

/** What the stack's file says is no drift. */
export function acceptedIn({ root, name }: Stack): ReadonlySet<string> {
  const file = stackFileName(name);
  const content = parse(readFileSync(join(root, file), "utf8")) as {
    config?: Record<string, unknown>;
  } | null;
  const result = schema.safeParse(content?.config?.[KEY] ?? {});
  if (result.success) return new Set(Object.keys(result.data));
  throw new OpsError(
    `${file}: ${KEY} names what stays as it is, each with a reason, as in guest/900: the old firewall. ` +
      "What it may name: guest/VMID, storage/ID, backup/ID, ha/SID, rule/NAME, user/NAME@REALM.",
  );
}
