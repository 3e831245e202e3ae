import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Debian's name of the release that nodes are made of. */
const RELEASE = "trixie";
const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A user who is not root gets a root of his own: mmdebstrap(1), --unshare-helper. */
const AS_ROOT = process.getuid?.() === 0 ? [] : ["mmdebstrap", "--unshare-helper"];

/** A real Debian 13 in a folder, made of packages from where this machine gets its own. */
export class DebianRoot {
  private constructor(private readonly folder: string) {}

  static make(): DebianRoot {
    const folder = join(mkdtempSync(join(tmpdir(), "debian-")), "root");
    const root = new DebianRoot(folder);
    const { code, stderr } = ended(
      [
        "mmdebstrap",
        "--variant=apt",
        "--include=debconf,ca-certificates,openssh-client",
        `--keyring=${KEYRING}`,
        "--format=directory",
        // It is thrown away: nothing has to be on the disk at any time.
        "--dpkgopt=force-unsafe-io",
        '--aptopt=Acquire::Retries "0"',
        ...proxies().map((line) => `--aptopt=${line}`),
        RELEASE,
        folder,
        mirror(),
      ],
      "",
    );
    if (code !== 0) {
      root.remove();
      throw new Error(
        `No Debian ${RELEASE} could be made, without which this test proves nothing. It needs mmdebstrap, Debian's package mirror, and a ` +
          `debian-archive-keyring that knows ${RELEASE}; a user who is not root needs uidmap besides.\n${stderr}`,
      );
    }
    return root;
  }

  /** Runs a command in it, as root. */
  run(command: string[], input = ""): Ended {
    const environment = [
      "env",
      "-i",
      "HOME=/root",
      "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      "LC_ALL=C.UTF-8",
    ];
    return ended([...AS_ROOT, "/usr/sbin/chroot", this.folder, ...environment, ...command], input);
  }

  write(path: string, content: string, mode = 0o644): void {
    const script = 'mkdir -p "$(dirname "$1")" && cat >"$1" && chmod "$2" "$1"';
    const { code, stderr } = this.run(["sh", "-c", script, "-", path, mode.toString(8)], content);
    if (code !== 0) throw new Error(`${path}: ${stderr}`);
  }

  /** Mode and content; undefined where there is none. */
  read(path: string): string | undefined {
    const { code, stdout } = this.run(["sh", "-c", 'stat -c %a "$1" && cat "$1"', "-", path]);
    return code === 0 ? stdout : undefined;
  }

  remove(): void {
    spawnSync(AS_ROOT[0] ?? "rm", [
      ...AS_ROOT.slice(1),
      ...(AS_ROOT[0] ? ["rm"] : []),
      "-rf",
      this.folder,
    ]);
    rmSync(join(this.folder, ".."), { recursive: true, force: true });
  }
}

function ended([program = "", ...args]: string[], input: string): Ended {
  const { status, stdout, stderr, error } = spawnSync(program, args, { input, encoding: "utf8" });
  return { code: status, stdout: stdout ?? "", stderr: error ? error.message : stderr };
}

/** Where apt of this machine gets Debian's own packages. */
function mirror(): string {
  const { stdout } = ended(["apt-get", "update", "--print-uris"], "");
  const { stdout: codename } = ended(["sh", "-c", ". /etc/os-release; echo $VERSION_CODENAME"], "");
  const [, found] =
    new RegExp(`^'(\\S+)/dists/${codename.trim()}/InRelease'`, "m").exec(stdout) ?? [];
  if (found === undefined)
    throw new Error("apt of this machine names no mirror of Debian: see /etc/apt/sources.list.d");
  return found;
}

/** By which way apt of this machine goes out. */
function proxies(): string[] {
  const { stdout } = ended(
    ["apt-config", "dump", "Acquire::http::Proxy", "Acquire::https::Proxy"],
    "",
  );
  return stdout.split("\n").filter((line) => /^Acquire::https?::Proxy ".+";$/.test(line));
}
