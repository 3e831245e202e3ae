/** The router of a host's network, a /24: it serves names and time, and is the way out. */
export function routerOf(address: string): string {
  return address.replace(/\d+$/, "1");
}
