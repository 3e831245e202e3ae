import fc from "fast-check";
import type { z } from "zod";
import {
  date,
  eachOnce,
  formatBytes,
  gibibytes,
  hostName,
  identifier,
  interfaceAddress,
  ipAddress,
  isInNetwork,
  linkSpeed,
  mebibytes,
  memory,
  network,
  parseCidr,
  rate,
  size,
  vmid,
} from "../../components/values";

const MIB = 1024 ** 2;
const BYTES = { MiB: MIB, GiB: 1024 * MIB, TiB: 1024 * 1024 * MIB };

/** The first message about a value; undefined when it is taken. */
function objection(schema: z.ZodType, value: unknown): string | undefined {
  return schema.safeParse(value).error?.issues[0]?.message;
}

const octets = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255));
const address = octets.map((parts) => parts.join("."));

describe("size", () => {
  it.each([
    ["512 MiB", 512 * MIB],
    ["2 GiB", 2048 * MIB],
    ["3.75 GiB", 3840 * MIB],
    ["1 TiB", 1024 * 1024 * MIB],
    ["0 MiB", 0],
  ])("reads %s", (text, bytes) => {
    expect(size.parse(text)).toBe(bytes);
  });

  it.each([
    "2",
    "2GiB",
    "2 GB",
    "2 gib",
    "2  GiB",
    " 2 GiB",
    "2 GiB\n",
    "-1 GiB",
    ".5 GiB",
    "1,5 GiB",
    2,
    null,
  ])("refuses %j and shows the form", (text) => {
    expect(objection(size, text)).toBe("write a number, a blank and MiB, GiB or TiB, as in 2 GiB");
  });

  it("refuses what cannot be counted in bytes any more", () => {
    expect(objection(size, "9999999 TiB")).toBe("write a smaller size");
  });

  it("means the same in any unit", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4096 }), (amount) => {
        expect(size.parse(`${amount} TiB`)).toBe(size.parse(`${amount * 1024} GiB`));
        expect(size.parse(`${amount} GiB`)).toBe(size.parse(`${amount * 1024} MiB`));
      }),
    );
  });
});

describe("formatBytes", () => {
  it.each([
    [0, "0 MiB"],
    [512 * MIB, "512 MiB"],
    [1023.5 * MIB, "1023.50 MiB"],
    [1024 * MIB, "1 GiB"],
    [3840 * MIB, "3.75 GiB"],
    [1024 * 1024 * MIB, "1 TiB"],
  ])("writes %d bytes as %s", (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it("writes what size reads back, to half a hundredth of the unit", () => {
    fc.assert(
      fc.property(fc.nat(2 ** 46), (bytes) => {
        const text = formatBytes(bytes);
        const unit = BYTES[text.split(" ")[1] as keyof typeof BYTES];
        expect(Math.abs(size.parse(text) - bytes)).toBeLessThanOrEqual(0.005 * unit + 1);
      }),
    );
  });

  it("writes whole numbers of a unit exactly", () => {
    fc.assert(
      fc.property(fc.constantFrom("MiB", "GiB"), fc.integer({ min: 1, max: 1023 }), (unit, n) => {
        expect(formatBytes(size.parse(`${n} ${unit}`))).toBe(`${n} ${unit}`);
      }),
    );
  });
});

describe("mebibytes and gibibytes", () => {
  it("invert the units", () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), (amount) => {
        expect(mebibytes(size.parse(`${amount} MiB`))).toBe(amount);
        expect(gibibytes(size.parse(`${amount} GiB`))).toBe(amount);
      }),
    );
  });
});

describe("memory", () => {
  it.each(["16 MiB", "2 GiB", "0.5 GiB"])("takes %s", (text) => {
    expect(memory.parse(text)).toBe(size.parse(text));
  });

  it.each(["0 MiB", "15 MiB", "100.5 MiB", "0.1 GiB"])("refuses %s", (text) => {
    expect(objection(memory, text)).toBe("write whole MiB, 16 MiB at least");
  });
});

describe("ipAddress", () => {
  it("takes every address", () => {
    fc.assert(
      fc.property(address, (text) => {
        expect(ipAddress.parse(text)).toBe(text);
      }),
    );
  });

  it.each(["192.168.18.256", "192.168.18", "192.168.18.1/24", "fe80::1", "nas", "", 192.168])(
    "refuses %j",
    (text) => {
      expect(objection(ipAddress, text)).toBe("write an IPv4 address, as in 192.168.18.251");
    },
  );
});

describe("network", () => {
  it.each(["192.168.18.0/24", "10.0.0.0/8", "0.0.0.0/0", "192.168.18.251/32"])(
    "takes %s",
    (text) => {
      expect(network.parse(text)).toBe(text);
    },
  );

  it.each(["192.168.18.0", "192.168.18.0/33", "192.168.18.0/-1", "192.168.18.0/24/8", "/24", 24])(
    "refuses %j",
    (text) => {
      expect(objection(network, text)).toBe("write a network, as in 192.168.18.0/24");
    },
  );
});

describe("interfaceAddress", () => {
  it.each(["dhcp", "192.168.18.30/24"])("takes %s", (text) => {
    expect(interfaceAddress.parse(text)).toBe(text);
  });

  it.each(["192.168.18.30", "DHCP", "auto", ""])("refuses %j", (text) => {
    expect(objection(interfaceAddress, text)).toBe(
      "write dhcp, or an address with prefix, as in 192.168.18.30/24",
    );
  });
});

describe("parseCidr", () => {
  it("takes apart what address and prefix make", () => {
    fc.assert(
      fc.property(address, fc.integer({ min: 0, max: 32 }), (text, prefix) => {
        expect(parseCidr(`${text}/${prefix}`)).toEqual({ address: text, prefix });
      }),
    );
  });

  it("takes nothing with another prefix", () => {
    fc.assert(
      fc.property(
        address,
        fc.oneof(fc.integer({ min: 33 }), fc.integer({ max: -1 })),
        (text, n) => {
          expect(parseCidr(`${text}/${n}`)).toBeUndefined();
        },
      ),
    );
  });
});

describe("isInNetwork", () => {
  const bits = (parts: number[]): string =>
    parts.map((part) => part.toString(2).padStart(8, "0")).join("");

  it("compares as many leading bits as the prefix says", () => {
    fc.assert(
      fc.property(octets, octets, fc.integer({ min: 1, max: 32 }), (one, other, prefix) => {
        const expected = bits(one).slice(0, prefix) === bits(other).slice(0, prefix);
        expect(isInNetwork(one.join("."), `${other.join(".")}/${prefix}`)).toBe(expected);
      }),
    );
  });

  it("finds neighbours, whatever the prefix", () => {
    fc.assert(
      fc.property(octets, fc.integer({ min: 1, max: 32 }), fc.nat(31), (parts, prefix, bit) => {
        const flipped = [...bits(parts)];
        flipped[bit] = flipped[bit] === "0" ? "1" : "0";
        const other = [0, 8, 16, 24].map((at) => parseInt(flipped.slice(at, at + 8).join(""), 2));
        const cidr = `${parts.join(".")}/${prefix}`;
        expect(isInNetwork(other.join("."), cidr)).toBe(bit >= prefix);
      }),
    );
  });

  it("finds every address in the network of prefix 0", () => {
    expect(isInNetwork("203.0.113.9", "10.0.0.0/0")).toBe(true);
  });

  it.each([
    ["nas", "192.168.18.0/24"],
    ["192.168.18.1", "192.168.18.0"],
  ])("finds nothing where %s or %s is no address or network", (text, cidr) => {
    expect(isInNetwork(text, cidr)).toBe(false);
  });
});

describe("names", () => {
  it.each(["a", "pve01", "PVE-01", "0", "a".repeat(63)])("of hosts may be %s", (text) => {
    expect(hostName.parse(text)).toBe(text);
  });

  it.each(["", "-a", "a-", "a.b", "a_b", "a b", "ä", "a".repeat(64), "a\n"])(
    "of hosts may not be %j",
    (text) => {
      expect(objection(hostName, text)).toBe(
        "use letters, digits and inner hyphens, 63 characters at most",
      );
    },
  );

  it.each(["Data", "a1", "a-b_c2"])("that become ids may be %s", (text) => {
    expect(identifier.parse(text)).toBe(text);
  });

  it.each(["", "a", "1a", "a-", "_a", "a b", "a/b", "ab\n"])(
    "that become ids may not be %j",
    (text) => {
      expect(objection(identifier, text)).toBe(
        "use two or more letters, digits, - and _; begin with a letter, end with a letter or digit",
      );
    },
  );
});

describe("vmid", () => {
  it.each([100, 999_999_999])("takes %d", (number) => {
    expect(vmid.parse(number)).toBe(number);
  });

  it.each([99, 0, -1, 1_000_000_000])("refuses %d", (number) => {
    expect(objection(vmid, number)).toBe("use a VMID from 100 to 999999999");
  });

  it.each([100.5, "100", null])("refuses %j", (value) => {
    expect(objection(vmid, value)).toBeDefined();
  });
});

describe("date", () => {
  it.each(["2026-12-31", "2028-02-29"])("takes %s", (text) => {
    expect(date.parse(text)).toBe(text);
  });

  it.each([
    "2026-12-32",
    "2027-02-29",
    "26-12-31",
    "31.12.2026",
    // What Pulumi makes of a date without quotes.
    "2026-12-31 00:00:00 +0000 UTC",
    20261231,
  ])("refuses %j", (text) => {
    expect(objection(date, text)).toBe('write a date in quotes, as in "2026-12-31"');
  });
});

describe("eachOnce", () => {
  const [fits] = eachOnce;

  it("holds for a list exactly when no entry stands there twice", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5)), (list) => {
        const sorted = [...list].sort();
        expect(fits(list)).toBe(!sorted.some((item, at) => at > 0 && item === sorted[at - 1]));
      }),
    );
  });
});

describe("rate", () => {
  it.each([
    ["60 MiB/s", 61440],
    ["1.5 MiB/s", 1536],
    ["512 KiB/s", 512],
    ["1 GiB/s", 1048576],
    ["unlimited", 0],
    // Zero would be no limit at all.
    ["0 MiB/s", 1],
    ["0.1 KiB/s", 1],
  ])("reads %s", (text, kib) => {
    expect(rate.parse(text)).toBe(kib);
  });

  it.each(["60", "60MiB/s", "60 MB/s", "-1 MiB/s", "none", 60, null])(
    "refuses %j and shows the form",
    (text) => {
      expect(objection(rate, text)).toBe(
        "write a number, a blank and KiB/s, MiB/s or GiB/s, as in 60 MiB/s, or unlimited",
      );
    },
  );

  it("refuses what cannot be counted any more", () => {
    expect(objection(rate, "99999999999 GiB/s")).toBe("write a lower rate");
  });
});

describe("the speed of a link", () => {
  it.each([
    ["10 Mbit/s", 1220],
    ["1 Gbit/s", 122070],
    ["2.5 Gbit/s", 305175],
  ])("is read in KiB a second: %s", (text, kib) => {
    expect(linkSpeed.parse(text)).toBe(kib);
  });

  it.each(["1", "1Gbit/s", "1 GB/s", "1 gbit/s", 1])("refuses %j and shows the form", (text) => {
    expect(objection(linkSpeed, text)).toBe(
      "write a number, a blank and Mbit/s or Gbit/s, as in 1 Gbit/s",
    );
  });

  it("is 10 Mbit/s at least", () => {
    expect(objection(linkSpeed, "9 Mbit/s")).toBe("write 10 Mbit/s or more");
  });
});
