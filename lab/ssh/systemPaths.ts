import type { InMemoryFs } from "just-bash";

/** Debian's folders of commands that just-bash does not look into: it knows `/bin` and `/usr/bin`. */
const FOLDERS = ["/sbin", "/usr/sbin"];

/**
 * Commands that are called by their whole path, as `/usr/sbin/qm`. Which of Debian's folders each lies in makes no
 * difference here: all are in both.
 */
export function showSystemPaths(fs: InMemoryFs, names: string[]): void {
  for (const folder of FOLDERS) {
    for (const name of names) {
      const script = `#!/bin/bash\n/usr/bin/${name} "$@"\n`;
      fs.writeFileSync(`${folder}/${name}`, script, undefined, { mode: 0o755 });
    }
  }
}
