import { afterActions, announce } from "./actions.js";
import { badge, byId, h, keyed, say, set } from "./dom.js";
import { clockTime, dateTime } from "./format.js";
import { guestsView } from "./guests.js";
import { logView, tasksView } from "./history.js";
import { hostsView } from "./hosts.js";
import { keepToken, look, Refused, takeToken } from "./lab.js";
import { changesBetween, headlineOf, problemsOf } from "./problems.js";
import { snapshotsSwitch } from "./snapshots.js";
import { storagesView } from "./storages.js";
import { speedWords, switchesView } from "./switches.js";

/** @typedef {import("../control/pictureTypes").Picture} Picture */

const EVERY_MS = 1000;
/** To list snapshots the lab reads each; somebody else's are seen within so many looks. */
const SNAPSHOTS_EVERY = 15;

const snapshots = snapshotsSwitch();
const views = [
  hostsView(byId("hosts")),
  guestsView(byId("guests")),
  storagesView(byId("storages")),
  switchesView(byId("switches"), snapshots.element),
  tasksView(byId("tasks")),
  logView(byId("log")),
  headerView(),
  problemsView(),
];
const connection = badge(byId("connection"));

function headerView() {
  const clock = byId("clock");
  const speed = byId("speed");
  return (/** @type {Picture} */ { time, rehearsal }) => {
    say(clock, `${dateTime(time).slice(0, 10)} ${clockTime(time)}`);
    set(clock, "datetime", new Date(time).toISOString());
    say(speed, rehearsal.speed === 1 ? "UTC" : `UTC, ${speedWords(rehearsal.speed)}`);
  };
}

function problemsView() {
  /** @type {string[] | undefined} */
  let before;
  const list = byId("problems");
  const fill = keyed(
    list,
    (/** @type {string} */ text) => text,
    (text) => ({ element: h("li", {}, text), update: () => {} }),
  );
  return (/** @type {Picture} */ picture) => {
    const problems = [...new Set(problemsOf(picture))];
    fill(problems);
    list.hidden = problems.length === 0;
    say(byId("headline"), headlineOf(picture, problems));
    if (before) {
      const news = changesBetween(before, problems);
      if (news !== "") announce(news);
    }
    before = problems;
  };
}

/** Never two at once: the later answer could be the older one. */
let looking = Promise.resolve();
let looks = 0;

function refresh() {
  looking = looking.then(show);
  return looking;
}

async function show() {
  try {
    const picture = await look();
    if (looks++ % SNAPSHOTS_EVERY === 0) await snapshots.refresh();
    byId("login").hidden = true;
    byId("site").hidden = false;
    for (const view of views) view(picture);
    connection.show("good", "Live");
  } catch (error) {
    if (error instanceof Refused) askForToken(error.message);
    else connection.show("bad", "No answer from the lab");
  }
}

/** @param {string} reason */
function askForToken(reason) {
  connection.show("idle", "Locked");
  byId("site").hidden = true;
  say(byId("refused"), reason);
  const login = byId("login");
  if (!login.hidden) return;
  login.hidden = false;
  byId("token").focus();
}

byId("login").addEventListener("submit", (event) => {
  event.preventDefault();
  const input = /** @type {HTMLInputElement} */ (byId("token"));
  keepToken(input.value.trim());
  input.value = "";
  void refresh();
});

async function live() {
  if (!document.hidden && byId("login").hidden) await refresh();
  setTimeout(() => void live(), EVERY_MS);
}

window.addEventListener("hashchange", () => {
  takeToken();
  void refresh();
});
takeToken();
afterActions(() => {
  looks = 0;
  return refresh();
});
void live();
