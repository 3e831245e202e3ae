import { qdeviceStatus } from "../../cluster/qdevice";
import { type Commands, fail, ok } from "../command";

export const qdeviceCommands: { node: Commands; witness: Commands } = {
  node: {
    "corosync-qdevice-tool": (_args, { site, host }) => {
      const status = qdeviceStatus(site, host.name);
      if (status.State === undefined)
        return fail(
          "Can't connect to QDevice socket (is QDevice running?): No such file or directory",
        );
      const line = (key: string): string => `${`${key}:`.padEnd(16)}\t${status[key] ?? ""}`;
      const model = ["Model", "Node ID"].map(line);
      const net = ["Cluster name", "QNetd host", "Algorithm", "Tie-breaker", "State"].map(line);
      return ok(
        `Qdevice information\n-------------------\n${model.join("\n")}\n\nQdevice-net information\n----------------------\n${net.join("\n")}\n`,
      );
    },
  },
  witness: {
    "corosync-qnetd-tool": (_args, { site, host }) => {
      if (!host.services.includes("corosync-qnetd"))
        return fail("Can't connect to QNetd socket: No such file or directory");
      const clusters = Object.values(site.state.pmxcfs)
        .map((config) => config.corosync)
        .filter((corosync) => corosync?.qdevice?.host === host.address);
      const lines = clusters.map(
        (corosync) => `Cluster "${corosync?.clusterName}":\n    Algorithm:\t\tFifty-Fifty split\n`,
      );
      return ok(lines.join(""));
    },
  },
};
