import { File } from "@muhlba91/pulumi-proxmoxve/download/file";
import * as pulumi from "@pulumi/pulumi";
import type { MediaPlan } from "./plan";

/** Seconds that a download may take: an image of 6 GiB over 10 Mbit/s. */
const TIMEOUT = 2 * 60 * 60;

/** A file that Proxmox VE downloads itself and checks. It goes from the storage when it leaves the site file. */
export class MediaFile extends pulumi.ComponentResource {
  constructor(name: string, plan: MediaPlan, opts: pulumi.ComponentResourceOptions) {
    super("proxmox-ha:media:MediaFile", name, {}, opts);
    const { content, storage, file, node, url, algorithm, checksum, decompression } = plan;
    new File(
      name,
      {
        contentType: content,
        datastoreId: storage,
        fileName: file,
        nodeName: node,
        url,
        checksumAlgorithm: algorithm,
        checksum,
        ...(decompression ? { decompressionAlgorithm: decompression } : {}),
        uploadTimeout: TIMEOUT,
        verify: true,
        // Otherwise every run would ask the server for the size, and download an unpacked file again each time.
        overwrite: false,
      },
      {
        parent: this,
        // The name is taken while the old file stands.
        deleteBeforeReplace: true,
        // Whichever node has downloaded it, all see it.
        ...(plan.shared ? { ignoreChanges: ["nodeName"] } : {}),
      },
    );
    this.registerOutputs({});
  }
}
