import { readNotifications } from "../../../policy/inputs/notification";

describe("notifications", () => {
  it("are read from the component that makes them", () => {
    const props = {
      targets: [{ name: "office", type: "smtp", enabled: true }],
      matchers: [{ name: "failures", enabled: false, targets: ["office"], severities: ["error"] }],
      rootMail: "root@example.org",
    };
    const resource = {
      type: "proxmox-ha:notifications:Notifications",
      urn: "urn:notifications",
      name: "notifications",
      props,
    };
    expect(readNotifications(resource)).toEqual({
      urn: "urn:notifications",
      name: "notifications",
      targets: [{ name: "office", enabled: true }],
      matchers: [
        {
          name: "failures",
          enabled: false,
          targets: ["office"],
          severities: ["error"],
          narrow: false,
        },
      ],
      rootMail: "root@example.org",
    });
    expect(readNotifications({ ...resource, props: {} })).toMatchObject({
      targets: [],
      matchers: [],
      rootMail: undefined,
    });
  });
});
