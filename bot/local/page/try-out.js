// The window around the chats: who is on screen, the clock, lost messages, the log of deliveries.

import { Chat } from "./chat.js";
import { listen, post } from "./server.js";

const MOST_DELIVERIES = 100;
const TOAST_MILLISECONDS = 6000;
const WHAT = { message: "bericht", edit: "wijziging", removal: "verwijdering", press: "druk op een knop", search: "zoekopdracht", installation: "installatie" };

const chats = new Map();
const main = document.querySelector("main");
const nav = document.querySelector("nav");
const theme = document.getElementById("theme");
const dateAndTime = new Intl.DateTimeFormat("nl-NL", {
  weekday: "long", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit", timeZone: "Europe/Amsterdam",
});
const seconds = new Intl.DateTimeFormat("nl-NL", { timeStyle: "medium", timeZone: "Europe/Amsterdam" });
let ahead = 0;

const handlers = {
  state(state) {
    document.getElementById("connection").hidden = true;
    if (chats.size === 0) open(state.people);
    for (const [key, messages] of Object.entries(state.messages)) {
      const chat = chats.get(key);
      chat.keepOnly(new Set(messages.map((message) => message.id)));
      messages.forEach((message) => chat.show(message));
    }
    handlers.clock(state);
    handlers.faults(state);
  },
  message({ person, message, new: isNew }) {
    const chat = chats.get(person);
    chat.show(message);
    if (isNew && message.by_bot && !chat.isInUse) notify(chat, message.content.summary || "Nieuw bericht");
  },
  gone({ person, id }) {
    chats.get(person).remove(id);
  },
  typing({ person }) {
    const { typing } = chats.get(person);
    typing.textContent = "Meldroute is aan het typen…";
    typing.hidden = false;
  },
  clock({ now }) {
    ahead = new Date(now) - Date.now();
    tick();
  },
  faults({ pending }) {
    document.getElementById("pending").textContent = pending.length ? `: nog ${pending.length}` : "";
  },
  delivery({ at, person, to_bot: toBot, what, status }) {
    const { name } = chats.get(person).person;
    const way = toBot ? `${name} → Meldroute` : `Meldroute → ${name}`;
    const line = `${seconds.format(new Date(at))}  ${way}: ${WHAT[what]}, ${status || "geen antwoord"}`;
    document.getElementById("latest").textContent = line;
    const item = document.createElement("li");
    item.textContent = line;
    item.classList.toggle("wrong", status < 200 || status > 299);
    const list = document.getElementById("deliveries");
    list.prepend(item);
    while (list.children.length > MOST_DELIVERIES) list.lastElementChild.remove();
  },
};

const isReporter = (role) => role === "reporter";

/** Make a chat for each person: reporters on the left, all others on the right, one of them at a time. */
function open(people) {
  main.replaceChildren();
  for (const person of people) {
    const chat = new Chat(person);
    chats.set(person.key, chat);
    main.append(chat.element);
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.person = person.key;
    button.dataset.role = person.role;
    button.textContent = person.name;
    button.addEventListener("click", () => choose(person));
    nav.append(button);
  }
  choose(people.find((person) => person.role === "officer"));
  choose(people.find((person) => person.role === "reporter"));
}

/** `shown` is on screen on a phone; `beside` is who stands on the right of a wide screen. */
function choose(person) {
  for (const element of document.querySelectorAll("[data-person]")) {
    const isChosen = element.dataset.person === person.key;
    element.classList.toggle("shown", isChosen);
    if (isReporter(element.dataset.role) === isReporter(person.role)) element.classList.toggle("beside", isChosen);
  }
  const button = nav.querySelector(`[data-person="${person.key}"]`);
  button.classList.remove("unread");
  button.removeAttribute("aria-label");
  for (const other of nav.children) other.setAttribute("aria-pressed", other === button);
  chats.get(person.key).showLatest();
}

/** What a lock screen would show: the summary, never the message. */
function notify(chat, summary) {
  const { person, element } = chat;
  if (!element.checkVisibility()) {
    const button = nav.querySelector(`[data-person="${person.key}"]`);
    button.classList.add("unread");
    button.setAttribute("aria-label", `${person.name}, nieuw bericht`);
  }
  const toast = document.createElement("button");
  toast.type = "button";
  toast.className = "toast";
  toast.dataset.to = person.key;
  const who = document.createElement("strong");
  who.textContent = `${person.name}:`;
  const text = document.createElement("span");
  text.textContent = summary;
  toast.append(who, text);
  toast.addEventListener("click", () => {
    choose(person);
    element.querySelector("textarea").focus();
    toast.remove();
  });
  const toasts = document.querySelector(".toasts");
  toasts.querySelector(`[data-to="${person.key}"]`)?.remove();
  toasts.append(toast);
  setTimeout(() => toast.remove(), TOAST_MILLISECONDS);
}

function tick() {
  document.getElementById("clock").textContent = dateAndTime.format(new Date(Date.now() + ahead));
}

function setDark(isDark) {
  document.documentElement.dataset.theme = isDark ? "dark" : "light";
  theme.setAttribute("aria-pressed", isDark);
}

theme.addEventListener("click", () => setDark(theme.getAttribute("aria-pressed") !== "true"));
const prefersDark = matchMedia("(prefers-color-scheme: dark)");
prefersDark.addEventListener("change", () => setDark(prefersDark.matches));
setDark(prefersDark.matches);

for (const button of document.querySelectorAll("[data-forward]")) {
  button.addEventListener("click", () => post("clock", { by: button.dataset.forward }));
}
const moment = document.getElementById("moment");
moment.addEventListener("submit", async (event) => {
  event.preventDefault();
  const arrived = await post("clock", { by: "moment", to: moment.querySelector("input").value }).then(() => true, () => false);
  moment.querySelector("[role=status]").textContent = arrived ? "" : "Dat kan niet. De klok gaat alleen vooruit, hooguit tien jaar.";
  moment.parentElement.open = !arrived;
});
for (const button of document.querySelectorAll("[data-lose]")) {
  button.addEventListener("click", () => post("faults", { fault: button.dataset.lose || null }));
}
setInterval(tick, 5000);

let opened = false;
listen(
  (event) => {
    handlers[event.kind](event);
    if (!opened) {
      opened = true;
      post("open", {});
    }
  },
  () => { document.getElementById("connection").hidden = false; },
);
