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
    "corosync-qnetd-tool": (args, { site, host }) => {
      const at = args.indexOf("-c");
      return host.services.includes("corosync-qnetd")
        ? ok(qnetdToolText(site, host, at < 0 ? undefined : args[at + 1]))
        : fail("Can't connect to QNetd socket: No such file or directory");
    },
  },
};
