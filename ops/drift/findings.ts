/** Something that is not as the stack describes it. */
export interface Finding {
  kind: "changed" | "unmanaged" | "cluster" | "factor" | "copy";
  /** As in `guest/900`, `storage/usb`, `node/pve02`, `user/anna@pve`, `copy/usb`, or a resource of the stack by its name. */
  resource: string;
  what: string;
  remedy: string;
}
