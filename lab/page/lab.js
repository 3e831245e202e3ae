/** @typedef {import("../control/pictureTypes").Picture} Picture */

const KEPT = "lab-token";

/** The token is wrong or there is none. */
export class Refused extends Error {}

/** Takes the token out of the address, where it would stay in the history and on screenshots. */
export function takeToken() {
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  if (given === null) return;
  keepToken(given);
  history.replaceState(null, "", location.pathname);
}

/** @param {string} token */
export function keepToken(token) {
  sessionStorage.setItem(KEPT, token);
}

/**
 * One request to the lab's control interface.
 *
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 * @returns {Promise<unknown>}
 * @throws Refused, or an Error with the lab's own sentence
 */
export async function ask(method, path, body) {
  const token = sessionStorage.getItem(KEPT);
  if (!token) throw new Refused("");
  const response = await fetch(path, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (response.status === 401) {
    sessionStorage.removeItem(KEPT);
    throw new Refused("The lab does not know this token.");
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.message ?? `${response.status} ${response.statusText}`);
  return answer;
}

/** @returns {Promise<Picture>} */
export async function look() {
  return /** @type {Picture} */ (await ask("GET", "/lab/site"));
}
