import type * as pulumi from "@pulumi/pulumi";

/** What is planned for a guest, by its key. */
export interface OfGuest {
  /** The key that the guest had until now. */
  renamedFrom?: string;
}

/** Options by which a resource that is named after a guest stays the same when the guest gets another key. */
export function sameAsBefore(
  { renamedFrom }: OfGuest,
  nameOf: (key: string) => string = (key) => key,
): Pick<pulumi.ResourceOptions, "aliases"> {
  return renamedFrom === undefined ? {} : { aliases: [{ name: nameOf(renamedFrom) }] };
}

/** For the plan of such a resource. */
export function renaming({ renamedFrom }: { renamedFrom?: string | undefined }): OfGuest {
  return renamedFrom === undefined ? {} : { renamedFrom };
}
