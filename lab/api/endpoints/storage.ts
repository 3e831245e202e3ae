import type { Endpoint } from "../endpoint";
import { nodeStorageEndpoints } from "./nodeStorage";
import { pruneEndpoints } from "./pruneBackups";
import { storageContentEndpoints } from "./storageContent";
import { storageDefinitionEndpoints } from "./storageDefinitions";
import { storageFileEndpoints } from "./storageFiles";
import { storageScanEndpoints } from "./storageScan";

/** All about storages. */
export const storageEndpoints: Endpoint[] = [
  ...storageDefinitionEndpoints,
  ...nodeStorageEndpoints,
  ...storageContentEndpoints,
  ...storageFileEndpoints,
  ...storageScanEndpoints,
  ...pruneEndpoints,
];
