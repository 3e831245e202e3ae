import "reflect-metadata"; // what @peculiar/x509 asks of its users
import { randomUUID, webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";
import type { KeyPair } from "./types";

x509.cryptoProvider.set(webcrypto as unknown as Crypto);

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const YEAR = 365 * 24 * 3600 * 1000;

/** A self-signed authority like `/etc/pve/pve-root-ca.pem`: ten years, a UUID in its name. */
export async function createAuthority(now: number): Promise<KeyPair> {
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name: `CN=Proxmox Virtual Environment, OU=${randomUUID()}, O=PVE Cluster Manager CA`,
    // Clients go by their own clocks, which the lab's may be far ahead of.
    notBefore: new Date(now - YEAR),
    notAfter: new Date(now + 10 * YEAR),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign,
        true,
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return {
    certificate: `${certificate.toString("pem").trim()}\n`,
    key: await exportKey(keys.privateKey),
  };
}

/** A node's API certificate: its name, its address and loopback, two years, as `pvecm updatecerts` makes it. */
export async function issueCertificate(
  authority: KeyPair,
  host: { name: string; address: string },
  now: number,
): Promise<KeyPair> {
  const issuer = new x509.X509Certificate(authority.certificate);
  const signingKey = await importKey(authority.key);
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serial(),
    subject: `CN=${host.name}, OU=PVE Cluster Node, O=Proxmox Virtual Environment`,
    issuer: issuer.subjectName,
    notBefore: issuer.notBefore,
    notAfter: new Date(now + 2 * YEAR),
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey,
    extensions: [
      new x509.BasicConstraintsExtension(false),
      new x509.ExtendedKeyUsageExtension(["1.3.6.1.5.5.7.3.1"]),
      new x509.SubjectAlternativeNameExtension([
        { type: "ip", value: "127.0.0.1" },
        { type: "ip", value: "::1" },
        { type: "dns", value: "localhost" },
        { type: "ip", value: host.address },
        { type: "dns", value: host.name },
      ]),
    ],
  });
  return {
    certificate: `${certificate.toString("pem").trim()}\n`,
    key: await exportKey(keys.privateKey),
  };
}

/** `AA:BB:…`, the form in which PVE shows and compares certificates. */
export async function fingerprint(certificate: string): Promise<string> {
  const digest = await new x509.X509Certificate(certificate).getThumbprint("SHA-256");
  return (Buffer.from(digest).toString("hex").toUpperCase().match(/../g) ?? []).join(":");
}

function newKeys(): Promise<CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, [
    "sign",
    "verify",
  ]) as Promise<CryptoKeyPair>;
}

async function exportKey(key: CryptoKey): Promise<string> {
  const der = await webcrypto.subtle.exportKey("pkcs8", key as webcrypto.CryptoKey);
  const body =
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN PRIVATE KEY-----\n${body.join("\n")}\n-----END PRIVATE KEY-----\n`;
}

async function importKey(pem: string): Promise<CryptoKey> {
  const der = Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ""), "base64");
  const key = await webcrypto.subtle.importKey("pkcs8", der, ALGORITHM, true, ["sign"]);
  return key as CryptoKey;
}

function serial(): string {
  return randomUUID().replace(/-/g, "");
}
