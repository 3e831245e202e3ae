import { attempt } from "../facts/judge";
import { need } from "../facts/known";
import type { Rule } from "./rule";

export const requireVerifiedTls: Rule = {
  name: "require-verified-tls",
  description: "The provider verifies whom it talks to.",
  enforcementLevel: "mandatory",
  severity: "high",
  remedy: "Trust the cluster's CA instead: SSL_CERT_FILE with /etc/pve/pve-root-ca.pem.",
  judge: ({ providers }) =>
    providers.flatMap(({ urn, name, insecure }) =>
      attempt(urn, `the TLS of provider ${name}`, () => {
        if (!need(insecure, "insecure is")) return [];
        const message =
          `provider ${name} takes any certificate, so whoever stands in between gets its token. ` +
          "Leave insecure out, and trust the cluster's CA: /etc/pve/pve-root-ca.pem.";
        return [{ urn, message }];
      }),
    ),
};
