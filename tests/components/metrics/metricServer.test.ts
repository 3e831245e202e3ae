import { useConnections } from "../support/connections";
import { isSecret, type Registered } from "../support/pulumi";
import { built, EVERYTHING, PASSWORD } from "../support/reference";
import { get, inputsOf } from "../support/resources";

const connections = useConnections();

let everything: Registered[];
beforeAll(async () => {
  everything = await built(connections, EVERYTHING);
});

describe("a metric server", () => {
  it("is told its token as a secret, which stays one", () => {
    const { inputs, secretOutputs } = get(everything, "Server influx");
    expect(isSecret(inputs.influxToken)).toBe(true);
    expect(secretOutputs).toContain("influxToken");
    expect(inputsOf(everything, "Server influx")).toMatchObject({
      name: "influx",
      influxToken: PASSWORD,
    });
  });

  it("is told its headers in the form that Proxmox VE takes, as a secret", () => {
    const { inputs, secretOutputs } = get(everything, "Server otel");
    expect(isSecret(inputs.opentelemetryHeaders)).toBe(true);
    expect(secretOutputs).toContain("opentelemetryHeaders");
    const { opentelemetryHeaders } = inputsOf(everything, "Server otel");
    expect(Buffer.from(String(opentelemetryHeaders), "base64").toString()).toBe(PASSWORD);
  });

  it("has no secret where none is named", () => {
    expect(Object.keys(inputsOf(everything, "Server graphite"))).toEqual(
      expect.not.arrayContaining(["influxToken", "opentelemetryHeaders"]),
    );
  });
});
