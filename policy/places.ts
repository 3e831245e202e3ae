/** A guest's or a job's name, which may have dots: what follows it in a path is known. */
const NAME = "([^\\s,(]+?)";

/** Where the rules send an operator, as a path in the site file → the same in a program with resources of its own. */
const PLACES: [path: string, place: string][] = [
  ["site.cluster.witness", "proxmox-ha:policies.clusters.*.witness"],
  ["site.nodes.*.link1", "then links: 2 in proxmox-ha:policies.clusters.*.nodes"],
  ["site.nodes", "proxmox-ha:policies.clusters.*.nodes"],
  ["site.copies.*.retention", "retention of its copies"],
  [`site.copies.${NAME}.retention`, "retention of ArchiveCopy $1"],
  ["site.copies", "by whatever you copy with"],
  ["site.backups.*.guests", "vmids of its backup.Job"],
  ["site.backups.*.schedule", "schedule of its backup.Job"],
  ["site.backups.*.retention", "pruneBackups of its jobs"],
  [`site.backups.${NAME}.(mode|compress|storage|schedule)`, "$2 of backup.Job $1"],
  [`site.backups.${NAME}.retention`, "pruneBackups of backup.Job $1"],
  [`guests.${NAME}.ha.(nodes|strict)`, "$2 of a Harule about $1"],
  [`guests.${NAME}.ha.(maxRelocate|maxRestart)`, "$2 of Haresource $1"],
  ["guests.*.memory", "memory.dedicated"],
  [`guests.${NAME}.agent: true`, "agent.enabled: true of $1"],
  [`guests.${NAME}.bridge`, "bridge of the cards of $1"],
  [`guests.${NAME}.cores`, "cpu.cores of $1"],
  [`guests.${NAME}.cpu`, "cpu.type of $1"],
  [`guests.${NAME}.drivers`, "a second CD drive of $1"],
  [`guests.${NAME}.os`, "operatingSystem.type of $1"],
  ["proxmox-ha:protect: true, or protect: true of the resource", "protect: true of the resource"],
];

const PATTERNS = PLACES.map(([path, place]): [RegExp, string] => [
  new RegExp(`(?<![\\w.])${escaped(path)}(?![\\w:]|\\.\\w)`, "g"),
  place,
]);

/** What a rule says, for a program that has no site file. */
export function inProgramsWords(message: string): string {
  return PATTERNS.reduce((text, [pattern, place]) => text.replace(pattern, place), message);
}

/** Dots and stars of a path stand for themselves; the pattern of a name stays one. */
function escaped(path: string): string {
  return path
    .split(NAME)
    .map((part) => part.replace(/[.*]/g, "\\$&"))
    .join(NAME);
}
