import { networkOf } from "../../../policy/facts/mtu";

it.each([
  ["192.168.18.251/24", "192.168.18.0/24"],
  ["10.1.2.3/8", "10.0.0.0/8"],
  ["172.16.5.77/26", "172.16.5.64/26"],
  ["10.0.0.1", "10.0.0.1/32"],
  ["10.0.0.1/0", "0.0.0.0/0"],
  ["fd00::1/64", undefined],
  ["10.0.0.256/24", undefined],
  ["10.0.0/24", undefined],
  ["10.0.0.1/33", undefined],
  ["dhcp", undefined],
])("%s is in %s", (cidr, network) => {
  expect(networkOf(cidr)).toBe(network);
});
