// Draws cards with Microsoft's renderer, in the look and with the limits of Teams.

import markdownIt from "./renderer/markdown-it.min.js";

const AC = globalThis.AdaptiveCards;

// What Teams reads in a text: emphasis, lists and links. No HTML and no pictures; markdown-it itself refuses javascript:.
const markdown = markdownIt("zero", { breaks: true }).enable(["emphasis", "list", "link", "newline", "escape", "entity"]);
markdown.renderer.rules.link_open = (tokens, index, options, _environment, renderer) => {
  tokens[index].attrSet("target", "_blank");
  tokens[index].attrSet("rel", "noopener noreferrer");
  return renderer.renderToken(tokens, index, options);
};
const OPENED_BY_BUTTON = new Set(["https:", "http:", "tel:", "mailto:"]);

AC.AdaptiveCard.onProcessMarkdown = (text, result) => {
  result.outputHtml = markdown.render(text);
  result.didProcess = true;
};
// A choice is shown letter for letter, as in Teams.
AC.GlobalSettings.useMarkdownInRadioButtonAndCheckbox = false;
AC.Strings.errors.unknownElementType = (name) => `Onbekend onderdeel: ${name}`;
AC.Strings.defaults.overflowButtonTooltip = () => "Meer knoppen";
AC.Strings.defaults.inlineActionTitle = () => "Verder";

const hostConfig = new AC.HostConfig(await (await fetch("hostconfig.json")).json());

/** The HTML of a text of the bot; plain text stays as it is. */
export function textElement(text, format) {
  const element = document.createElement("div");
  element.className = "text";
  if (format === "markdown") {
    element.innerHTML = markdown.render(text);
  } else {
    element.textContent = text;
  }
  return element;
}

/** Tell a screen reader which question the choices belong to; the renderer says it with the first choice only. */
function nameGroup(choices) {
  choices.setAttribute("role", choices.querySelector("[type=radio]") ? "radiogroup" : "group");
  const label = choices.parentElement.previousElementSibling;
  if (label) choices.setAttribute("aria-labelledby", label.id);
}

/** The element that shows a card; `onPress` gets {execute, verb, id, data} when a button sends something. */
export function cardElement(json, onPress) {
  const card = new AC.AdaptiveCard();
  card.hostConfig = hostConfig;
  card.onExecuteAction = (action) => {
    switch (action.getJsonTypeName()) {
      case "Action.Execute":
        return onPress({ execute: true, verb: action.verb ?? "", id: action.id ?? "", data: action.data ?? {} });
      case "Action.Submit":
        return onPress({ execute: false, data: action.data ?? {} });
      case "Action.OpenUrl":
        if (OPENED_BY_BUTTON.has(URL.parse(action.url)?.protocol)) {
          window.open(action.url, "_blank", "noopener,noreferrer");
        }
    }
  };
  // A form of its own: the renderer names radio buttons after the field, and the same field may be on another card.
  const holder = document.createElement("form");
  holder.className = "card";
  holder.addEventListener("submit", (event) => event.preventDefault());
  try {
    card.parse(json);
    holder.append(card.render());
    holder.querySelectorAll(".ac-choiceSetInput-expanded, .ac-choiceSetInput-multiSelect").forEach(nameGroup);
  } catch (error) {
    console.error(error);
    holder.textContent = json.fallbackText || "Deze kaart kan niet getoond worden.";
  }
  return holder;
}
