import { button, name } from "./actions.js";
import { badge, bar, h, keyed, say, set } from "./dom.js";
import { counted, listed, size, span } from "./format.js";

/** @typedef {import("../control/pictureTypes").Picture} Picture */
/** @typedef {import("../control/pictureTypes").HostPicture} HostPicture */
/** @typedef {import("../control/pictureTypes").NodePicture} NodePicture */
/** @typedef {import("../control/pictureTypes").GuestPicture} GuestPicture */
/** @typedef {import("../control/pictureTypes").ServicePicture} ServicePicture */
/** @typedef {{ host: HostPicture, guests: GuestPicture[], time: number }} Shown */

/**
 * @param {Element} root
 * @returns {(picture: Picture) => void}
 */
export function hostsView(root) {
  const fill = keyed(root, (/** @type {Shown} */ { host }) => host.name, card);
  return ({ hosts, guests, time }) => {
    fill(
      hosts.map((host) => ({
        host,
        time,
        guests: guests.filter(({ node, state }) => node === host.name && state !== "template"),
      })),
    );
  };
}

/** @param {Shown} first */
function card(first) {
  let { host } = first;
  const id = `host-${host.name}`;
  const power = badge();
  const about = h("p", { class: "quiet" });
  const facts = host.role === "node" ? nodeFacts() : undefined;
  const running = facts ? guestList() : undefined;
  const services = h("ul", { class: "services", "aria-label": `Services of ${host.name}` });
  const fillServices = keyed(
    services,
    (/** @type {ServicePicture} */ { unit }) => unit,
    (service) => serviceRow(host.name, service),
  );
  const powerSwitch = button(() => powerAction(host), { class: "danger" });
  const plug = button(() => plugAction(host));
  const element = h(
    "article",
    { class: "card host", "aria-labelledby": id },
    h("header", {}, h("h3", { id }, host.name), power.element),
    about,
    ...(facts ? [facts.element] : []),
    ...(running ? [running.element] : []),
    services,
    h("div", { class: "actions" }, powerSwitch, plug),
  );
  return {
    element,
    /** @param {Shown} shown */
    update(shown) {
      host = shown.host;
      set(element, "data-power", host.power);
      if (host.power === "on" && !host.plugged) power.show("bad", "On, unplugged");
      else if (host.power === "on") power.show("good", "On");
      else
        power.show(
          host.power === "off" ? "idle" : "warn",
          host.power === "off" ? "Off" : "Booting",
        );
      say(about, aboutHost(shown));
      facts?.show(host.node);
      running?.show(shown.guests);
      fillServices(host.power === "on" ? host.services : []);
      services.hidden = services.childElementCount === 0;
      const on = host.power !== "off";
      set(powerSwitch, "class", on ? "danger" : "strong");
      name(powerSwitch, on ? "Power off" : "Power on", host.name);
      name(plug, host.plugged ? "Pull the cable" : "Plug in the cable", host.name);
    },
  };
}

/** @param {Shown} shown */
function aboutHost({ host, time }) {
  const kind = host.role === "node" ? "Proxmox VE" : "NAS and witness";
  const card = host.linkMbit === null ? [] : [`${host.linkMbit} Mbit/s`];
  const since =
    host.power === "on"
      ? [`up ${span(time - host.since)}`]
      : host.power === "booting"
        ? [`up in ${span(host.since - time)}`]
        : [];
  return [kind, host.address, ...card, ...since].join(" · ");
}

function nodeFacts() {
  const quorum = badge();
  const votes = h("span", { class: "quiet" });
  const hears = h("dd");
  const ha = h("dd");
  const memory = bar("Memory in use");
  const disk = bar("Root disk in use");
  const cpu = h("dd");
  const element = h(
    "dl",
    { class: "facts" },
    h("dt", {}, "Quorum"),
    h("dd", {}, quorum.element, " ", votes),
    h("dt", {}, "Hears"),
    hears,
    h("dt", {}, "HA"),
    ha,
    h("dt", {}, "Processors"),
    cpu,
    h("dt", {}, "Memory"),
    h("dd", {}, memory.element),
    h("dt", {}, "Root disk"),
    h("dd", {}, disk.element),
  );
  return {
    element,
    /** @param {NodePicture | undefined} node */
    show(node) {
      element.hidden = !node;
      if (!node) return;
      const { quorum: counts, memory: ram, rootDisk: root } = node;
      quorum.show(counts.quorate ? "good" : "bad", counts.quorate ? "Quorate" : "No quorum");
      say(votes, `${counts.votes} of ${counts.expected} votes, needs ${counts.needed}`);
      say(hears, hearing(node));
      say(ha, haWords(node));
      say(cpu, `${Math.round(node.cpu * 100)} % of ${node.cpus}`);
      memory.show(ram.used, ram.total, `${size(ram.used)} of ${size(ram.total)}`);
      disk.show(root.used, root.total, `${size(root.used)} of ${size(root.total)}`);
    },
  };
}

/** @param {NodePicture} node */
function hearing({ cluster, quorum }) {
  if (cluster === null) return "in no cluster";
  const device =
    quorum.device === null ? [] : [quorum.device ? "the QDevice's vote" : "no vote of the QDevice"];
  return listed([...quorum.members, ...device]);
}

/** @param {NodePicture} node */
function haWords({ ha }) {
  if (ha.crm === null && ha.lrm === null) return "does not run";
  const mode = ha.mode === "active" || ha.mode === null ? "" : ` (${ha.mode})`;
  const words = [`CRM ${daemon(ha.crm)}`, `LRM ${daemon(ha.lrm)}${mode}`];
  return [...words, ...(ha.watchdog ? ["watchdog armed"] : [])].join(" · ");
}

/** @param {string | null} state */
const daemon = (state) => (state ?? "stopped").replaceAll("_", " ");

function guestList() {
  const title = h("h4");
  const items = h("ul", { class: "chips" });
  const fill = keyed(
    items,
    (/** @type {GuestPicture} */ { key }) => key,
    () => {
      const chip = badge();
      return {
        element: h("li", {}, chip.element),
        update: (guest) => {
          const tone = guest.answers ? "good" : guest.state === "stopped" ? "idle" : "warn";
          chip.show(tone, `${guest.vmid} ${guest.name}`);
        },
      };
    },
  );
  return {
    element: h("div", {}, title, items),
    /** @param {GuestPicture[]} guests */
    show(guests) {
      say(title, guests.length === 0 ? "No guests" : counted(guests.length, "guest"));
      fill(guests);
    },
  };
}

/**
 * @param {string} host
 * @param {ServicePicture} first
 */
function serviceRow(host, first) {
  let service = first;
  const state = badge();
  const toggle = button(
    () => ({
      method: "PUT",
      path: `/lab/services/${encodeURIComponent(host)}/${encodeURIComponent(service.unit)}`,
      body: { running: !service.running },
      done: `${service.unit} on ${host} is ${service.running ? "stopped" : "started"}.`,
    }),
    { class: "small" },
  );
  return {
    element: h("li", {}, state.element, toggle),
    /** @param {ServicePicture} next */
    update(next) {
      service = next;
      state.show(
        next.running ? "good" : "bad",
        `${next.unit} ${next.running ? "runs" : "is stopped"}`,
      );
      name(toggle, next.running ? "Stop" : "Start", `${next.unit} on ${host}`);
    },
  };
}

/** @param {HostPicture} host */
function powerAction({ name: host, power, role }) {
  const path = `/lab/hosts/${encodeURIComponent(host)}/power`;
  if (power === "off") {
    return { method: "PUT", path, body: { power: "on" }, done: `${host} is switched on.` };
  }
  const lost =
    role === "node"
      ? "Its guests stop at once, without a shutdown."
      : "Its exports and its vote are gone until it is back.";
  return {
    method: "PUT",
    path,
    body: { power: "off" },
    done: `${host} is switched off.`,
    question: { title: `Power off ${host}?`, text: lost, yes: "Power off" },
  };
}

/** @param {HostPicture} host */
function plugAction({ name: host, plugged }) {
  return {
    method: "PUT",
    path: `/lab/hosts/${encodeURIComponent(host)}/cable`,
    body: { connected: !plugged },
    done: plugged ? `The cable of ${host} is out.` : `The cable of ${host} is in again.`,
  };
}
