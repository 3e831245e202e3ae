import { UNKNOWN } from "../../../policy/facts/known";
import type { GuestFacts } from "../../../policy/facts/site";
import { CONTAINER, read, UNKNOWN_NUMBER, UNKNOWN_TEXT, VM } from "../support/inputs";

const sizes = ({ disks }: GuestFacts) =>
  disks === UNKNOWN ? disks : disks.map(({ size }) => size);

it("a disk of a VM has a size in GiB, as far as somebody says it", () => {
  const disks = [
    { interface: "scsi0", size: 40 },
    { interface: "scsi1" },
    { interface: "scsi2", size: UNKNOWN_NUMBER },
  ];
  expect(sizes(read("guests", VM, { disks }))).toEqual([40, undefined, UNKNOWN]);
});

it("the root disk of a container has one in GiB, and a mount point with its unit", () => {
  const mountPoints = ["16G", "2T", "512M", "1024K", "16", UNKNOWN_TEXT].map((size) => ({
    volume: "Data",
    size,
  }));
  expect(sizes(read("guests", CONTAINER, { disk: { size: 8 }, mountPoints }))).toEqual([
    ...[8, 16, 2048, 0.5, 1 / 1024],
    ...[undefined, UNKNOWN],
  ]);
});
