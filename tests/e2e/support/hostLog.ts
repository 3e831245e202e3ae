import type { LabClient } from "./labClient";

interface Entry {
  id: number;
  host: string;
  command?: string;
  writes?: string;
}

/** Programs that change nothing, whatever they are told, and those whose changes are told as files. */
const LOOKING = [
  ...["chmod", "cp", "ln", "mkdir", "mktemp", "mv", "rm", "tee"],
  ...["[", "basename", "cat", "cmp", "command", "cut", "date", "df", "dirname", "du", "echo"],
  ...[
    "expr",
    "false",
    "findmnt",
    "free",
    "getconf",
    "getent",
    "grep",
    "head",
    "id",
    "ls",
    "lsblk",
    "lscpu",
  ],
  ...["lslocks", "lsmod", "modinfo", "nproc", "ping", "printf", "pveversion", "readlink", "sed"],
  ...["seq", "sha256sum", "sleep", "sort", "ss", "stat", "tail", "test", "tr", "true", "uname"],
  ...["uniq", "uptime", "wc", "which", "whoami", "xargs"],
];

/** Programs that look as long as they are told no more than this. Who starts others is judged by those. */
const AS_LONG_AS = [
  /^apt-cache /,
  /^awk /,
  /^(ba)?sh -c /,
  /^chronyc .*(sources|tracking)/,
  /^corosync-qdevice-tool -s/,
  /^corosync-qnetd-tool -l/,
  /^dpkg --print-/,
  /^dpkg-query /,
  /^ethtool \w+$/,
  /^flock /,
  /^ha-manager (status|config)/,
  /^hostname( --ip-address| -[Iif])?$/,
  /^ip (-\w+ )*(a|addr|address|link|r|route)( show| get|$)/,
  /^journalctl /,
  /^pvecm (status|nodes)/,
  /^showmount /,
  /^ssh /,
  /^ssh-keygen -F /,
  /^systemctl (--\S+ )*(is-\w+|show|status|cat|list-\S+) /,
  /^timedatectl( show.*| status)?$/,
  /^timeout /,
];

/** Where scripts keep what is gone after a boot. */
const PASSING = /^\/(run|tmp)\//;

/** What sessions have done on the hosts since the last mark, as the lab tells it. */
export class HostLog {
  private last = 0;

  constructor(private readonly lab: LabClient) {}

  async mark(): Promise<void> {
    // From the beginning: a lab that was made anew counts anew.
    this.last = 0;
    this.last = (await this.entries()).at(-1)?.id ?? 0;
  }

  /** Programs and files by which something may have changed, as `pve01: pvecm create mizar`. */
  async changes(): Promise<string[]> {
    return (await this.entries()).flatMap(({ host, command, writes }) => {
      if (writes !== undefined) return PASSING.test(writes) ? [] : [`${host}: writes ${writes}`];
      return command === undefined || looks(command) ? [] : [`${host}: ${command}`];
    });
  }

  private async entries(): Promise<Entry[]> {
    return (await this.lab.control("GET", `/lab/commands?after=${this.last}`)) as Entry[];
  }
}

function looks(command: string): boolean {
  const [name = ""] = command.split(" ");
  return LOOKING.includes(name) || AS_LONG_AS.some((pattern) => pattern.test(command));
}
