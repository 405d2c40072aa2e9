// Draws every collected card as the try-out window does, and tells what the parser said of each.
import { cardElement } from "./cards.js";

// A page of some cards at a time: axe slows down with the square of what is on a page.
const cards = await (await fetch(`cards.json${location.search}`)).json();
const said = {};
const main = document.querySelector("main");
for (const [name, json] of Object.entries(cards)) {
  const context = new AdaptiveCards.SerializationContext();
  new AdaptiveCards.AdaptiveCard().parse(json, context);
  const events = [...Array(context.eventCount).keys()].map((place) => context.getEventAt(place).message);
  if (events.length) said[name] = events;
  const article = document.createElement("article");
  article.id = name;
  article.setAttribute("aria-label", name);
  article.append(cardElement(json, () => {}));
  main.append(article);
}
window.said = said;
