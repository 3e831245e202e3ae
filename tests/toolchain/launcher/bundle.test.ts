import { readdirSync } from "node:fs";
import { rootCertificates } from "node:tls";
import { writeBundle } from "../../../toolchain/launcher/bundle";
import { AUTHORITY } from "./support/reports";
import { Project } from "./support/project";

const project = new Project();
afterAll(() => project.dispose());

const path = project.path("bundles/ca.pem");
project.write("system.pem", "SYSTEM\n\n");
project.write("own.pem", "OWN\n");
const system = ["/nowhere/ca.pem", project.path("system.pem"), project.path("own.pem")];

describe("the bundle of certificates", () => {
  it("is the system's, then the cluster's own", () => {
    writeBundle(path, AUTHORITY, {}, system);
    expect(project.read("bundles/ca.pem")).toBe(`SYSTEM\n${AUTHORITY}\n`);
  });

  it("is the system's alone before there is a cluster", () => {
    writeBundle(path, undefined, {}, system);
    expect(project.read("bundles/ca.pem")).toBe("SYSTEM\n");
  });

  it("starts from the operator's own where there is one", () => {
    writeBundle(path, AUTHORITY, { SSL_CERT_FILE: project.path("own.pem") }, system);
    expect(project.read("bundles/ca.pem")).toBe(`OWN\n${AUTHORITY}\n`);
  });

  it("never starts from itself, so it does not grow from run to run", () => {
    writeBundle(path, AUTHORITY, {}, system);
    writeBundle(path, AUTHORITY, { SSL_CERT_FILE: path }, system);
    expect(project.read("bundles/ca.pem")).toBe(`SYSTEM\n${AUTHORITY}\n`);
  });

  it("passes over a file that is not there", () => {
    writeBundle(path, AUTHORITY, { SSL_CERT_FILE: "/nowhere/own.pem" }, system);
    expect(project.read("bundles/ca.pem")).toBe(`SYSTEM\n${AUTHORITY}\n`);
  });

  it("has Node's authorities on a system without any", () => {
    writeBundle(path, AUTHORITY, {}, []);
    expect(project.read("bundles/ca.pem")).toBe(`${rootCertificates.join("\n")}\n${AUTHORITY}\n`);
  });

  it("takes its place in one step: nothing else is left in the folder", () => {
    writeBundle(path, AUTHORITY, {}, system);
    expect(readdirSync(project.path("bundles"))).toEqual(["ca.pem"]);
  });
});
