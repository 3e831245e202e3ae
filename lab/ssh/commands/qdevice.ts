import { qdeviceToolText, qnetdToolText } from "../../cluster/qdeviceText";
import { type Commands, fail, ok } from "../command";

export const qdeviceCommands: { node: Commands; witness: Commands } = {
  node: {
    "corosync-qdevice-tool": (_args, { site, host }) => {
      const text = qdeviceToolText(site, host.name);
      return text === undefined
        ? fail("Can't connect to QDevice socket (is QDevice running?): No such file or directory")
        : ok(text);
    },
  },
  witness: {
    "corosync-qnetd-tool": (_args, { site, host }) =>
      host.services.includes("corosync-qnetd")
        ? ok(qnetdToolText(site, host))
        : fail("Can't connect to QNetd socket: No such file or directory"),
  },
};
