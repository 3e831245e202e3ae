import { refuses } from "../support/broken";

const RATE = "write a number, a blank and KiB/s, MiB/s or GiB/s, as in 60 MiB/s, or unlimited";
const SPEED = "write a number, a blank and Mbit/s or Gbit/s, as in 1 Gbit/s";

describe("an option of the cluster", () => {
  refuses([
    ["is a rate without its unit", { "limits.default": 60 }, `limits.default: 60; ${RATE}`],
    ["is a rate in bits", { "limits.backup": "60 Mbit/s" }, `limits.backup: "60 Mbit/s"; ${RATE}`],
    [
      "is a rate of a job in another form",
      { "backups.nightly.bandwidth": "60MiB/s" },
      `backups.nightly.bandwidth: "60MiB/s"; ${RATE}`,
    ],
    [
      "is a link's speed in bytes",
      { "network.linkSpeed": "100 MiB/s" },
      `network.linkSpeed: "100 MiB/s"; ${SPEED}`,
    ],
    [
      "is a link that is too slow for a cluster",
      { "network.linkSpeed": "1 Mbit/s" },
      'network.linkSpeed: "1 Mbit/s"; write 10 Mbit/s or more',
    ],
    ["is a number of workers", { "limits.workers": 0 }, "limits.workers: 0; write 1 or more"],
    [
      "is a policy that there is not",
      { "ha.shutdownPolicy": "move" },
      'ha.shutdownPolicy: "move"; write one of conditional, freeze, failover, migrate',
    ],
    [
      "is a network that is none",
      { "migration.network": "10.10.10.0" },
      'migration.network: "10.10.10.0"; write a network, as in 192.168.18.0/24',
    ],
    [
      "is the keyboard of a country that YAML takes for a word",
      { "webInterface.keyboard": false },
      "webInterface.keyboard: false; write one of de, de-ch, da, en-gb, en-us, es, fi, fr, fr-be, fr-ca, fr-ch, hu, is, it, ja, lt, mk, nl, no, pl, pt, pt-br, sv, sl, tr",
    ],
  ]);
});
