import { type DraftSite, entries, problem } from "../draft";
import type { Problem } from "../problems";
import { storageProblem } from "../storage/checks";
import { MEDIA_TYPES } from "./schema";

/** Proxmox VE knows by the end of its name what a file is. */
export function namesOfMedia({ media }: DraftSite): Problem[] {
  return entries(media).flatMap(([name, { type }]) => {
    if (type === undefined) return [];
    const { ends, words } = MEDIA_TYPES[type];
    return ends.test(name)
      ? []
      : problem(["media", name], `the name of this file must end in ${words}; rename it`);
  });
}

export function mediaOnStorages(site: DraftSite): Problem[] {
  return entries(site.media).flatMap(([name, { type, storage }]) =>
    type === undefined
      ? []
      : storageProblem(site, ["media", name, "storage"], storage, MEDIA_TYPES[type].content),
  );
}

/** ISO and cloud images by their names in `media`. */
export function mediaOfGuests({ guests, media }: DraftSite): Problem[] {
  if (media === undefined) return [];
  return entries(guests).flatMap(([key, guest]) => {
    if (guest.type !== "vm") return [];
    const check = (
      path: Problem["path"],
      name: string | undefined,
      type: keyof typeof MEDIA_TYPES,
    ): Problem[] =>
      name === undefined || name.includes(":")
        ? []
        : mediumProblem(media, ["guests", key, ...path], name, type);
    return [
      ...check(["iso"], guest.iso, "iso"),
      ...check(["drivers"], guest.drivers, "iso"),
      ...entries(guest.disks).flatMap(([slot, { image }]) =>
        check(["disks", slot, "image"], image, "cloud-image"),
      ),
    ];
  });
}

/** Why the entry of `media` that `path` names is none, or not of `type`. */
export function mediumProblem(
  media: NonNullable<DraftSite["media"]>,
  path: Problem["path"],
  name: string,
  type: keyof typeof MEDIA_TYPES,
): Problem[] {
  if (!Object.hasOwn(media, name)) {
    return problem(path, `there is no ${JSON.stringify(name)} in media; add it there`);
  }
  const found = media[name]?.type;
  return found === undefined || found === type
    ? []
    : problem(path, `media.${name} is of type ${found}; name one of type ${type}`);
}
