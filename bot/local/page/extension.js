// The message extension as Teams has it under a text box: a search, a list, and the card that goes into the message.

import { cardElement } from "./cards.js";
import { post } from "./server.js";

const NO_ANSWER = "Meldroute geeft geen antwoord. Draait het programma nog?";
const WAIT_MILLISECONDS = 200;

const dialog = document.getElementById("extension");
const field = dialog.querySelector("input");
const status = dialog.querySelector("[role=status]");
const list = dialog.querySelector("ul");
const card = dialog.querySelector("section");
let person;
let latest = 0;
let waiting;

/** Open the search for somebody, with everybody who can be found. */
export function openExtension(who) {
  person = who;
  field.value = "";
  dialog.showModal();
  search(null);
}

async function search(query) {
  const number = ++latest;
  const result = await post("search", { person: person.key, query }).catch(() => ({ found: [], error: NO_ANSWER }));
  if (number !== latest) return; // what was typed later is on its way
  status.textContent = result.error;
  card.hidden = true;
  list.hidden = false;
  list.replaceChildren(...result.found.map(line));
}

function line(found) {
  const item = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  const title = document.createElement("strong");
  title.textContent = found.title;
  const text = document.createElement("span");
  text.textContent = found.text;
  button.append(title, text);
  button.addEventListener("click", () => {
    list.hidden = true;
    card.replaceChildren(cardElement(found.card, () => {}));
    card.hidden = false;
  });
  item.append(button);
  return item;
}

field.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => search(field.value || null), WAIT_MILLISECONDS);
});
dialog.querySelector(".close").addEventListener("click", () => dialog.close());
