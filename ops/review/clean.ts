import { placeIn, removePlace } from "./place";

/** Removes the place of a review that has been interrupted: its clone, and its folder. */
const [root = "", folder = ""] = process.argv.slice(2);
if (folder !== "") removePlace(placeIn(root, folder));
