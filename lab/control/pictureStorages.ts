import type { Site } from "../site";
import type { StorageConfig } from "../state/types";
import { contentOf } from "../storage/types";
import type { PlacePicture, StoragePicture } from "./pictureTypes";

/** Every storage that is not disabled, once for each cluster file system that defines it. */
export function storagePictures(site: Site): StoragePicture[] {
  return Object.values(site.state.pmxcfs).flatMap((config) => {
    const nodes = Object.values(site.state.hosts)
      .filter(({ node }) => node?.pmxcfs === config.id)
      .map(({ name }) => name);
    return Object.entries(config.storages)
      .map(([name, storage]): StoragePicture => ({
        key: `${config.id}/${name}`,
        name,
        type: storage.type,
        shared: site.storages.isShared(storage),
        content: contentOf(storage),
        places: nodes
          .filter((node) => site.storages.enabledOn(storage, node))
          .map((node) => placePicture(site, node, name, storage)),
      }))
      .filter(({ places }) => places.length > 0);
  });
}

function placePicture(
  site: Site,
  node: string,
  name: string,
  storage: StorageConfig,
): PlacePicture {
  if (!site.hardware.isOn(node)) {
    return { node, state: "node is off", problem: null, used: 0, total: 0 };
  }
  const { active, used, total } = site.storages.status(node, name);
  return {
    node,
    state: active ? "available" : "unavailable",
    problem: active ? null : (site.storages.problem(node, name, storage) ?? "no such volume group"),
    used,
    total,
  };
}
