import { z } from "zod";

/** What the stack exports: the contract between it and the operators' commands. */
export const outputsSchema = z.object({
  cluster: z.object({
    name: z.string(),
    release: z.number(),
    /** Votes when everything is up, and how many of them keep it working. */
    votes: z.number(),
    quorum: z.number(),
    witness: z.string().nullable(),
  }),
  nodes: z.array(z.object({ name: z.string(), address: z.string(), webInterface: z.string() })),
  storages: z.array(
    z.object({
      id: z.string(),
      /** Not told by versions that had NFS alone, nor what the next two say. */
      type: z.string().default("nfs"),
      /** All nodes see the same there; otherwise each has its own. */
      shared: z.boolean().default(true),
      place: z.string().optional(),
      /** Of NFS alone. */
      server: z.string().optional(),
      export: z.string().optional(),
      content: z.array(z.string()),
    }),
  ),
  guests: z.array(
    z.object({
      key: z.string(),
      type: z.enum(["vm", "container"]),
      vmid: z.number(),
      /** Where it was created; HA may have moved it. */
      homeNode: z.string(),
      /** Requested state of its HA resource; null when HA does not manage it. */
      haState: z.string().nullable(),
      /** Seconds that it needs to shut down, where the site file says so: HA by itself gives it 60. */
      shutdownTimeout: z.number().optional(),
    }),
  ),
  backupJobs: z.array(z.object({ id: z.string(), schedule: z.string(), storage: z.string() })),
  /** Why no policy stopped the last update; null where they all counted. */
  emergency: z.string().nullish(),
});

export type Outputs = z.output<typeof outputsSchema>;
