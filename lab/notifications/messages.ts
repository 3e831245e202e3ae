import type { Site } from "../site";

type Listener = (node: string, message: string) => void;

/** Messages that the site has sent to people. */
export class Messages {
  private readonly listeners: Listener[] = [];

  constructor(private readonly site: Site) {}

  onMessage(listener: Listener): void {
    this.listeners.push(listener);
  }

  sent(node: string, target: string, server: string, to: string[]): void {
    const whom = to.length === 0 ? "" : `, for ${to.join(", ")}`;
    const message = `test notification via target '${target}' to ${server}${whom}`;
    const journal = (this.site.host(node).journal ??= []);
    journal.push({ time: this.site.clock.now(), unit: "pvedaemon", message });
    for (const listener of this.listeners) listener(node, message);
  }
}
