import type { Bash, Command } from "just-bash";
import type { HostState } from "../state/types";
import { NODE_COMMANDS, SYSTEM_COMMANDS } from "./commands";
import { hasCommand } from "./commands/owners";
import type { HostFs } from "./hostFs";
import { showSystemPaths } from "./systemPaths";

const NAMES = { ...SYSTEM_COMMANDS, ...NODE_COMMANDS };

/** Which of the lab's commands a host's bash knows: those of the packages that are installed at the moment. */
export class InstalledCommands {
  private readonly shown = new Set<string>();
  private seen = "";

  constructor(
    private readonly bash: Bash,
    private readonly fs: HostFs,
    private readonly host: HostState,
    private readonly define: (name: string) => Command,
  ) {}

  async follow(): Promise<void> {
    const packages = this.host.packages.join(" ");
    if (packages === this.seen) return;
    this.seen = packages;
    for (const name of Object.keys(NAMES)) {
      const wanted = hasCommand(this.host, name, name in NODE_COMMANDS);
      if (wanted === this.shown.has(name)) continue;
      if (wanted) this.show(name);
      else await this.hide(name);
    }
  }

  private show(name: string): void {
    this.bash.registerCommand(this.define(name));
    showSystemPaths(this.fs, [name]);
    this.shown.add(name);
  }

  /** just-bash has no way to forget a command but its table of them; the files are those that stand for it. */
  private async hide(name: string): Promise<void> {
    const table: unknown = Reflect.get(this.bash, "commands");
    if (table instanceof Map) table.delete(name);
    for (const folder of ["/bin", "/usr/bin", "/sbin", "/usr/sbin"]) {
      await this.fs.plain.rm(`${folder}/${name}`);
    }
    this.shown.delete(name);
  }
}
