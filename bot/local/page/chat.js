// One person's chat with the bot: what is in it, and what that person does.

import { cardElement, textElement } from "./cards.js";
import { openExtension } from "./extension.js";
import { post } from "./server.js";

const SUGGESTIONS = {
  reporter: ["melden", "mijn meldingen", "nummers", "help"],
  officer: ["wachtrij", "melden", "mijn meldingen", "nummers", "help"],
  administrator: ["beheer nummers", "melden", "mijn meldingen", "nummers", "help"],
};
const ROLE = {
  reporter: "Medewerker aan de balie",
  officer: "Aandachtsfunctionaris (AF)",
  administrator: "Beheerder van de nummers",
};
const NOT_SENT = "Dat is niet verstuurd. Draait Meldroute nog? Probeer het zo nog een keer.";
const time = new Intl.DateTimeFormat("nl-NL", { timeStyle: "short", timeZone: "Europe/Amsterdam" });

export class Chat {
  #shown = new Map();

  constructor(person) {
    this.person = person;
    const template = document.getElementById("chat").content.cloneNode(true);
    this.element = template.firstElementChild;
    this.element.dataset.person = person.key;
    this.element.dataset.role = person.role;
    this.element.setAttribute("aria-label", `Gesprek van ${person.name}`);
    this.element.querySelector(".avatar").textContent = initials(person.name);
    this.element.querySelector("h2").textContent = person.name;
    this.element.querySelector("header p").textContent = ROLE[person.role];
    this.log = this.element.querySelector(".log");
    this.log.setAttribute("aria-label", `Berichten van ${person.name}`);
    this.typing = this.element.querySelector(".typing");
    this.#compose();
    this.#suggest();
  }

  get isInUse() {
    return this.element.contains(document.activeElement) && this.element.checkVisibility();
  }

  /** Draw a message, or draw it again if it changed. */
  show(message) {
    const known = this.#shown.get(message.id);
    // Events come in another way than answers, and may come after a newer answer.
    if (known?.revision >= message.revision) return;
    this.typing.hidden = true;
    const entry = known ?? { article: this.#article(message), cards: "" };
    entry.revision = message.revision;
    this.#shown.set(message.id, entry);
    this.#fill(entry, message.id, message.content, message.failed);
    if (!known) {
      this.log.append(entry.article);
      this.reveal(entry.article);
    }
  }

  remove(id) {
    this.#shown.get(id)?.article.remove();
    this.#shown.delete(id);
  }

  /** Take away what the bot no longer has, after the connection was lost. */
  keepOnly(ids) {
    for (const id of this.#shown.keys()) if (!ids.has(id)) this.remove(id);
  }

  /** Scroll so that the message can be read from its top. */
  reveal(article) {
    const taller = article.offsetHeight > this.log.clientHeight;
    this.log.scrollTop = taller ? article.offsetTop - 8 : article.offsetTop + article.offsetHeight - this.log.clientHeight + 16;
  }

  showLatest() {
    const latest = [...this.#shown.values()].at(-1);
    if (latest) this.reveal(latest.article);
  }

  #article(message) {
    const article = document.createElement("article");
    article.className = message.by_bot ? "message of-bot" : "message own";
    article.tabIndex = -1;
    const who = message.by_bot ? "Meldroute" : this.person.name;
    const at = time.format(new Date(message.at));
    article.setAttribute("aria-label", `${who}, ${at}`);
    const line = document.createElement("p");
    line.className = "who";
    line.textContent = message.by_bot ? `Meldroute  ${at}` : at;
    const body = document.createElement("div");
    body.className = "body";
    const status = document.createElement("p");
    status.className = "status";
    status.setAttribute("role", "status");
    article.append(line, body, status);
    return article;
  }

  #fill(entry, id, content, failed) {
    // Drawn again only if there is something else to see: what was filled in would be gone.
    const drawn = JSON.stringify([content.text, content.text_format, content.cards]);
    if (drawn !== entry.drawn) {
      entry.drawn = drawn;
      const body = entry.article.querySelector(".body");
      body.replaceChildren(
        ...(content.text ? [textElement(content.text, content.text_format)] : []),
        ...content.cards.map((card) => cardElement(card, (press) => this.#press(entry, id, press))),
      );
    }
    if (failed) this.#say(entry, "Niet bezorgd. Draait Meldroute nog? Stuur het nog een keer.", true);
  }

  async #press(entry, id, press) {
    if (entry.busy) return;
    entry.busy = true;
    entry.article.setAttribute("aria-busy", "true");
    this.#say(entry, "Bezig met versturen…");
    const result = await post("press", { person: this.person.key, card_id: id, ...press }).catch(() => ({ error: NOT_SENT }));
    entry.busy = false;
    entry.article.removeAttribute("aria-busy");
    this.#say(entry, result.error || result.note, Boolean(result.error));
    if (result.card) {
      entry.revision = Math.max(entry.revision, result.revision);
      const [text, text_format] = JSON.parse(entry.drawn);
      this.#fill(entry, id, { text, text_format, cards: [result.card] });
      entry.article.focus({ preventScroll: true });
    }
    this.reveal(entry.article);
  }

  #say(entry, text, isError = false) {
    const status = entry.article.querySelector(".status");
    status.textContent = text || "";
    status.classList.toggle("error", isError);
  }

  #compose() {
    const form = this.element.querySelector("form");
    const field = form.querySelector("textarea");
    field.setAttribute("aria-label", `Bericht van ${this.person.name}`);
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        form.requestSubmit();
      }
    });
    field.addEventListener("input", () => grow(field));
    form.querySelector(".find").addEventListener("click", () => openExtension(this.person));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const text = field.value;
      if (!text.trim()) return;
      field.value = "";
      grow(field);
      this.#send(text);
    });
  }

  #suggest() {
    const group = this.element.querySelector(".suggestions");
    group.setAttribute("aria-label", "Veelgebruikte woorden");
    for (const word of SUGGESTIONS[this.person.role]) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = word;
      button.addEventListener("click", () => this.#send(word));
      group.append(button);
    }
  }

  #send(text) {
    post("say", { person: this.person.key, text }).catch(() => {
      this.typing.hidden = false;
      this.typing.textContent = NOT_SENT;
    });
  }
}

function initials(name) {
  const words = name.split(" ");
  return words.length > 1 ? words[0][0] + words.at(-1)[0] : name[0];
}

function grow(field) {
  field.rows = Math.min(6, field.value.split("\n").length);
}
