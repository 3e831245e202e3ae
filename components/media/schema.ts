import { z } from "zod";
import { form, identifier } from "../values";

/** PVE::Storage::normalize_content_filename leaves such a name as it is. */
export const mediaName = form(
  /^[A-Za-z0-9][\w.-]*$/,
  "use letters, digits, _, . and -; begin with a letter or digit",
);

/** How a file of each type may end (pve-storage), and what Proxmox VE calls its content. */
export const MEDIA_TYPES = {
  iso: { content: "iso", ends: /\.(iso|img)$/, words: ".iso or .img" },
  template: {
    content: "vztmpl",
    ends: /\.tar\.(zst|xz|gz|bz2)$/,
    words: ".tar.zst, .tar.xz, .tar.gz or .tar.bz2",
  },
  "cloud-image": {
    content: "import",
    ends: /\.(qcow2|raw|vmdk)$/,
    words: ".qcow2, .raw or .vmdk",
  },
} as const;

const storage = identifier
  .describe(
    "Storage that the file lies on. On one that each node has for itself, every node gets the file.",
  )
  .meta({ examples: ["Data"] });

const url = form(
  /^https?:\/\/[^\s/@]+\/\S*$/,
  "write where the file is, as in https://example.org/debian-13.iso; a name and password cannot stand in it",
)
  .describe("Where the nodes fetch the file. Another address fetches it anew.")
  .meta({ examples: ["https://example.org/debian-13.iso"] });

const checksum = form(
  /^(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/,
  "write sha256: and 64 digits or sha512: and 128 digits, with a-f in small letters",
)
  .describe(
    "Checksum of what is behind the address, as its publisher states it. A file with another one is not kept.",
  )
  .meta({ examples: [`sha256:${"0123456789abcdef".repeat(4)}`] });

export const mediumSchema = z
  .discriminatedUnion(
    "type",
    [
      z
        .strictObject({
          type: z.literal("iso").describe("An ISO image: for CD drives of VMs."),
          storage,
          url,
          checksum,
          decompress: z
            .enum(["gz", "bz2", "zst", "lzo"])
            .optional()
            .describe("How the file is packed, where it has to be unpacked."),
        })
        .describe("An ISO image."),
      z
        .strictObject({
          type: z.literal("template").describe("A template that containers are made from."),
          storage,
          url: url
            .optional()
            .describe(
              "Where the nodes fetch the file. Without it the name is one of `pveam available`, and the file comes from Proxmox's index.",
            ),
          checksum: checksum.optional(),
        })
        .refine(({ url, checksum }) => (url === undefined) === (checksum === undefined), {
          error: "url and checksum belong together; write both, or neither for Proxmox's index",
        })
        .describe("A container template."),
      z
        .strictObject({
          type: z.literal("cloud-image").describe("A disk image that VMs are made from."),
          storage,
          url,
          checksum,
        })
        .describe("A cloud image."),
    ],
    {
      error: ({ code }) =>
        code === "invalid_union" ? "write iso, template or cloud-image" : undefined,
    },
  )
  .describe("A file that guests are installed or made from.");
