/** Power and cables of a site's nodes and its witness, and what votes follow from them. */
export class Cables {
  readonly powered = new Set<string>();
  private readonly unplugged = new Set<string>();
  private witnessUp = true;

  constructor(
    readonly nodes: string[],
    private readonly hasWitness: boolean,
  ) {}

  plug(node: string, connected: boolean): void {
    if (connected) this.unplugged.delete(node);
    else this.unplugged.add(node);
  }

  setWitness(up: boolean): void {
    this.witnessUp = up;
  }

  /** The nodes that hear each other and `node`; a cut-off node hears only itself. */
  partition(node: string): string[] {
    if (!this.powered.has(node)) return [];
    if (this.unplugged.has(node)) return [node];
    return this.nodes.filter((other) => this.powered.has(other) && !this.unplugged.has(other));
  }

  isQuorate(node: string): boolean {
    const members = this.partition(node);
    if (members.length === 0) return false;
    const reachesWitness = this.hasWitness && this.witnessUp && !this.unplugged.has(node);
    const votes = members.length + (reachesWitness ? 1 : 0);
    const expected = this.nodes.length + (this.hasWitness ? 1 : 0);
    return votes > Math.floor(expected / 2);
  }
}
