// The way to the program that serves this page.

/** Ask for something; the answer as JSON, or null if there is none. Rejects when it did not arrive. */
export async function post(what, body) {
  const response = await fetch(what, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${what}: ${response.status}`);
  return response.status === 204 ? null : response.json();
}

/** Hear everything that changes; `onLost` when the connection breaks (the browser tries again by itself). */
export function listen(onEvent, onLost) {
  const source = new EventSource("events");
  source.onmessage = (message) => onEvent(JSON.parse(message.data));
  source.onerror = onLost;
}
