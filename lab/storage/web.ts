import { type IncomingMessage, request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { die } from "../api/errors";
import { knownFile } from "./knownFiles";
import { type ReceivedFile, Receiver } from "./received";

export interface WebFile extends ReceivedFile {
  /** Bytes of the disk in it, where the lab knows it without looking. */
  virtual?: number;
  /** False for a file that the lab only pretends to have. */
  real: boolean;
}

export interface WebMetadata {
  filename?: string;
  mimetype?: string;
  size?: number;
}

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** What PVE's HEAD request tells of a URL. */
export async function metadataOf(url: string, verify: boolean): Promise<WebMetadata> {
  const inPath = /^[^?]+\/([^?/]*)(?:\?.*)?$/.exec(url)?.[1];
  const known = knownFile(url);
  if (known) {
    const filename = inPath ?? "";
    return { filename, mimetype: "application/octet-stream", size: known.size };
  }
  const { host, hostname, port } = new URL(url);
  const answer = await ask("HEAD", url, verify).catch(() => undefined);
  if (!answer) {
    const where = port === "" ? `${host}:${url.startsWith("https") ? 443 : 80}` : host;
    const why = LOOPBACK.test(hostname) ? "Connection refused" : "Name or service not known";
    throw die(`invalid server response: '500 Can't connect to ${where} (${why})'`);
  }
  answer.resume();
  if (answer.statusCode !== 200) {
    throw die(`invalid server response: '${answer.statusCode} ${answer.statusMessage}'`);
  }
  const {
    "content-length": size,
    "content-type": type,
    "content-disposition": named,
  } = answer.headers;
  const filename =
    /filename="([^"]*)"/.exec(named ?? "")?.[1] ??
    /filename=([^;]*)/.exec(named ?? "")?.[1] ??
    inPath;
  return {
    ...(filename ? { filename } : {}),
    ...(size ? { size: Number(size) } : {}),
    ...(type ? { mimetype: type.replace(/;.*/, "") } : {}),
  };
}

/** The file behind a URL, with a checksum if one is wanted. What the loopback serves is really read. */
export async function fetchFile(
  url: string,
  verify: boolean,
  algorithm?: string,
): Promise<WebFile> {
  const known = knownFile(url);
  if (known) {
    const { size, virtual } = known;
    return { size, head: Buffer.alloc(0), real: false, ...(virtual ? { virtual } : {}) };
  }
  const answer = await ask("GET", url, verify).catch(() => undefined);
  if (answer?.statusCode !== 200) {
    answer?.resume();
    throw die(`download failed: ${answer ? "exit code 8" : "exit code 4"}`);
  }
  const receiver = new Receiver(algorithm);
  for await (const piece of answer) receiver.add(piece as Buffer);
  return { ...receiver.end(), real: true };
}

/** The lab reaches nothing beyond its own machine. */
function ask(method: "HEAD" | "GET", url: string, verify: boolean): Promise<IncomingMessage> {
  const target = new URL(url);
  if (!LOOPBACK.test(target.hostname)) return Promise.reject(new Error("no route to host"));
  const headers = { "user-agent": "Proxmox VE" };
  return new Promise((resolve, reject) => {
    const sent =
      target.protocol === "https:"
        ? httpsRequest(target, { method, headers, rejectUnauthorized: verify }, resolve)
        : httpRequest(target, { method, headers }, resolve);
    sent.once("error", reject);
    sent.end();
  });
}
