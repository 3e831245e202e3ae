import { randomInt } from "node:crypto";
import type { Site } from "../../site";
import type { StorageConfig } from "../../state/types";
import { folderOf } from "../../storage/names";
import { type FileContent, fileName, putFile } from "../../storage/newFile";
import { CHECKSUMS, fileProblem, type ReceivedFile, virtualSize } from "../../storage/received";
import { contentOf } from "../../storage/types";
import { findVolume } from "../../storage/volumes";
import { fetchFile, metadataOf } from "../../storage/web";
import type { TaskLog } from "../../tasks/tasks";
import type { Call, Endpoint, Permissions } from "../endpoint";
import { die } from "../errors";
import { choice, flag, optional, type Parameters, standard, text } from "../schema";

const { node, storage } = standard;
const url = text({ pattern: "https?://.*" });
const content = { ...choice("iso", "vztmpl", "import"), format: "pve-storage-content" };
const network: Permissions = {
  check: [
    "or",
    ["perm", "/", ["Sys.Audit", "Sys.Modify"]],
    ["perm", "/nodes/{node}", ["Sys.AccessNetwork"]],
  ],
};
const sent: Parameters = {
  node,
  storage,
  content,
  filename: text({ maxLength: 255 }),
  checksum: optional(text()),
  "checksum-algorithm": optional(choice(...CHECKSUMS)),
};

/** Files that come from elsewhere: sent by a client, or fetched by the node. */
export const storageFileEndpoints: Endpoint[] = [
  {
    method: "POST",
    path: "/nodes/{node}/storage/{storage}/upload",
    returns: "string",
    parameters: {
      ...sent,
      tmpfilename: optional(text({ pattern: "/var/tmp/pveupload-[0-9a-f]+" })),
    },
    permissions: { check: ["perm", "/storage/{storage}", ["Datastore.AllocateTemplate"]] },
    handle: upload,
  },
  {
    method: "POST",
    path: "/nodes/{node}/storage/{storage}/download-url",
    returns: "string",
    parameters: {
      ...sent,
      compression: optional(text()),
      url,
      "verify-certificates": optional(flag()),
    },
    permissions: {
      check: [
        "and",
        ["perm", "/storage/{storage}", ["Datastore.AllocateTemplate"]],
        ...(network.check ? [network.check] : []),
      ],
    },
    proxyto: "node",
    handle: downloadUrl,
  },
  {
    method: "GET",
    path: "/nodes/{node}/query-url-metadata",
    returns: "object",
    parameters: { node, url, "verify-certificates": optional(flag()) },
    permissions: network,
    proxyto: "node",
    handle: ({ params }) => metadataOf(String(params.url), params["verify-certificates"] !== 0),
  },
];

/** The file has been received by the node that was asked; it copies it to the one in the path. */
function upload({ site, node: asked, caller, params }: Call): string {
  const target = params.node === "localhost" ? asked : String(params.node);
  const id = String(params.storage);
  const config = site.storages.requireEnabled(target, id);
  if (!site.storages.type(config).files) {
    throw die(`can't upload to storage type '${config.type}'`);
  }
  const temporary = params.tmpfilename;
  if (temporary === undefined) throw die("missing temporary file name");
  const file = site.uploads.get(String(temporary));
  if (!file) throw die(`temporary file '${temporary}' does not exist`);
  const kind = String(params.content) as FileContent;
  const name = fileName(kind, String(params.filename));
  if (!contentOf(config).includes(kind)) {
    throw die(`storage '${id}' does not support '${kind}' content`);
  }
  if (target !== asked && !site.isOnline(asked, target)) {
    throw die(`can't activate storage '${id}' on node '${target}': exit code 255`);
  }
  site.storages.requireUsable(target, id);
  site.uploads.delete(String(temporary));
  const path = `${folderOf(id, config, kind)}/${name}`;
  return site.tasks.start(asked, "imgcopy", "", caller.name, (log) => {
    log.info(`starting file import from: ${temporary}`);
    checkSum(log, params, file);
    requireValid(kind, name, file.head);
    log.info(`target node: ${target}`);
    log.info(`target file: ${path}`);
    log.info(`file size is: ${file.size}`);
    log.info(`command: cp -- ${temporary} ${path}`);
    try {
      putFile(site, target, id, kind, name, { size: file.size, ...virtualOf(file.head) });
    } catch (error) {
      throw die(`import failed: ${(error as Error).message}`);
    }
    log.info("finished file import successfully");
  });
}

function downloadUrl({ site, node: here, caller, params }: Call): string {
  const id = String(params.storage);
  const config = site.storages.requireEnabled(here, id);
  if (!site.storages.type(config).files) {
    throw die(`can't upload to storage type '${config.type}', not a file based storage!`);
  }
  const kind = String(params.content) as FileContent;
  if (!contentOf(config).includes(kind)) {
    throw die(`storage '${id}' is not configured for content-type '${kind}'`);
  }
  const name = fileName(kind, String(params.filename));
  site.storages.requireUsable(here, id);
  const path = `${folderOf(id, config, kind)}/${name}`;
  const worker = (log: TaskLog): Promise<void> =>
    download({ site, here, id, config, kind, name, path }, params, log);
  return site.tasks.start(here, "download", encodeName(name), caller.name, worker);
}

interface Target {
  site: Site;
  here: string;
  id: string;
  config: StorageConfig;
  kind: FileContent;
  name: string;
  path: string;
}

/** PVE::Tools::download_file_from_url. */
async function download(target: Target, params: Call["params"], log: TaskLog): Promise<void> {
  const { site, here, id, kind, name, path } = target;
  const { compression, "checksum-algorithm": algorithm } = params;
  if (compression !== undefined && kind !== "iso") {
    throw die(`decompression not supported for ${kind}`);
  }
  const from = String(params.url);
  log.info(`downloading ${from} to ${path}`);
  const before = findVolume(site, here, `${id}:${kind}/${name}`);
  const expected = params.checksum === undefined ? undefined : `${algorithm}:${params.checksum}`;
  if (before && expected === undefined) throw die(`refusing to override existing file '${path}'`);
  if (before && before.checksum?.toLowerCase() === expected?.toLowerCase()) {
    log.info(
      "calculating checksum of existing file...OK, got correct file already, no need to download",
    );
    return;
  }
  if (before) {
    log.info("calculating checksum of existing file...");
    const got = before.checksum?.replace(/^\w+:/, "") ?? "";
    throw die(`checksum mismatch: got '${got}' != expect '${params.checksum}', aborting`);
  }
  const verify = params["verify-certificates"] !== 0;
  const wanted = algorithm === undefined ? undefined : String(algorithm);
  const file = await fetchFile(from, verify, wanted);
  if (file.real) checkSum(log, params, file);
  if (compression !== undefined) {
    const partial = `${path}.tmp_dwnl.${randomInt(1000, 99_999)}`;
    log.info(`decompressing ${partial} to ${partial.replace("dwnl", "dcom")}`);
  }
  if (file.real) requireValid(kind, name, file.head);
  const { size, virtual } = file;
  const disk = virtual === undefined ? virtualOf(file.head) : { virtual };
  const checked = expected === undefined ? {} : { checksum: expected };
  putFile(site, here, id, kind, name, { size, ...disk, ...checked });
  log.info(`download of '${from}' to '${path}' finished`);
}

function checkSum(log: TaskLog, params: Call["params"], file: ReceivedFile): void {
  const { checksum } = params;
  if (checksum === undefined || file.checksum === undefined) return;
  if (file.checksum.toLowerCase() !== String(checksum).toLowerCase()) {
    log.info("calculating checksum...");
    throw die(`checksum mismatch: got '${file.checksum}' != expect '${checksum}'`);
  }
  log.info("calculating checksum...OK, checksum verified");
}

function requireValid(kind: FileContent, name: string, head: Buffer): void {
  const problem = kind === "import" ? fileProblem(name, head) : undefined;
  if (problem !== undefined) throw die(`failed to verify file: ${problem}`);
}

function virtualOf(head: Buffer): { virtual?: number } {
  const virtual = virtualSize(head);
  return virtual === undefined ? {} : { virtual };
}

/** PVE::Tools::encode_text: what must not stand in a UPID. */
function encodeName(name: string): string {
  return name.replace(/[^\x21-\x7e]|[%:]/g, (character) =>
    [...Buffer.from(character)]
      .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`)
      .join(""),
  );
}
