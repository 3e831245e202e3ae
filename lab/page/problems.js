import { counted, listed } from "./format.js";

/** @typedef {import("../control/pictureTypes").Picture} Picture */

/**
 * What is not as it should be, one sentence each, the worst first.
 *
 * @param {Picture} picture
 * @returns {string[]}
 */
export function problemsOf(picture) {
  const { hosts, guests, storages, cables } = picture;
  const without = hosts.filter(({ node }) => node && !node.quorum.quorate);
  return [
    ...hosts.filter(({ power }) => power === "off").map(({ name }) => `${name} is off.`),
    ...hosts.filter(({ power }) => power === "booting").map(({ name }) => `${name} boots.`),
    ...without.map(({ name }) => `${name} has no quorum.`),
    ...hosts.filter(({ plugged }) => !plugged).map(({ name }) => `The cable of ${name} is out.`),
    ...cables
      .filter(({ connected }) => !connected)
      .map(({ between }) => `The way between ${listed(between)} is cut.`),
    ...hosts.flatMap(({ name, power, services }) =>
      services
        .filter(({ running }) => power === "on" && !running)
        .map(({ unit }) => `${unit} on ${name} is stopped.`),
    ),
    ...hosts
      .filter(({ node }) => node?.quorum.device === false && node.quorum.quorate)
      .map(({ name }) => `${name} counts no vote of the QDevice.`),
    ...storages.flatMap(({ name, places }) =>
      places
        .filter(({ state }) => state === "unavailable")
        .map(({ node }) => `${name} does not answer ${node}.`),
    ),
    ...guests.flatMap(({ name, state, ha, waitsFor }) => {
      if (state === "stalled") return [`${name} stands still: it waits for ${listed(waitsFor)}.`];
      const wanted = ha?.wanted === "started" && state !== "running" && state !== "template";
      return wanted ? [`${name} does not run as HA wants.`] : [];
    }),
    ...rehearsed(picture),
  ];
}

/** @param {Picture} picture */
function rehearsed({ rehearsal }) {
  return [
    ...rehearsal.api.map(({ node, delayMs, failRate }) => {
      const slow = delayMs > 0 ? [`answers ${delayMs} ms late`] : [];
      const flaky = failRate > 0 ? [`fails ${Math.round(failRate * 100)} % of requests`] : [];
      return `The API of ${node} ${listed([...slow, ...flaky])}.`;
    }),
    ...rehearsal.disks
      .filter(({ full }) => full)
      .map(({ host, path }) => `${path} on ${host} is full.`),
    ...(rehearsal.speed === 0 ? ["Time stands still."] : []),
  ];
}

/**
 * What has changed for somebody who does not see the page.
 *
 * @param {string[]} before
 * @param {string[]} after
 */
export function changesBetween(before, after) {
  const fresh = after.filter((text) => !before.includes(text));
  const gone = before.filter((text) => !after.includes(text));
  return [...fresh, ...gone.map((text) => `No longer: ${text}`)].join(" ");
}

/**
 * @param {Picture} picture
 * @param {string[]} problems
 */
export function headlineOf({ hosts, guests }, problems) {
  const running = guests.filter(({ state }) => state === "running").length;
  const nodes = hosts.filter(({ role }) => role === "node");
  const quorate = nodes.filter(({ node }) => node?.quorum.quorate).length;
  const facts = `${quorate} of ${counted(nodes.length, "node")} quorate, ${running} of ${counted(guests.length, "guest")} running`;
  return problems.length === 0
    ? `All is well: ${facts}.`
    : `${counted(problems.length, "problem")}: ${facts}.`;
}
