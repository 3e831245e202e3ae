const GIB = 1024 ** 3;

/**
 * @param {number} bytes
 * @returns {string} `3.8 GiB`
 */
export function size(bytes) {
  if (bytes >= 100 * GIB) return `${Math.round(bytes / GIB)} GiB`;
  if (bytes >= GIB / 10) return `${(bytes / GIB).toFixed(1)} GiB`;
  return `${Math.round(bytes / 1024 ** 2)} MiB`;
}

/**
 * @param {number} ms
 * @returns {string} `45 s`, `12 min`, `3 h 5 min`, `2 d 4 h`
 */
export function span(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (seconds < 60) return `${seconds} s`;
  if (minutes < 60) return `${minutes} min`;
  if (hours < 24) return `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** @param {number} time Epoch milliseconds; the lab's hosts are in UTC. */
export const clockTime = (time) => new Date(time).toISOString().slice(11, 19);

/** @param {number} time */
export const dateTime = (time) => new Date(time).toISOString().slice(0, 19).replace("T", " ");

/**
 * @param {number} count
 * @param {string} noun
 */
export const counted = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;

/**
 * @param {string[]} names
 * @returns {string} `a`, `a and b`, `a, b and c`
 */
export function listed(names) {
  if (names.length < 2) return names.join("");
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
