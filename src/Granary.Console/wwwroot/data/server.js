// Asking the silo, and asking it to act. Who has to log in first is sent to the login page.

const base = new URL('console/', document.baseURI);

/** What a silo says when it does not do what it was asked; the message is a sentence for people. */
export class Refusal extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** Where the events come from. */
export const eventsAddress = new URL('events', base);

/** The JSON at a path below /console/; `query` has only strings. */
export function get(path, query = {}, signal = undefined) {
  const address = new URL(path, base);
  address.search = new URLSearchParams(query);
  return ask(address, { headers: { Accept: 'application/json' }, signal });
}

/** Does something: the header is what another site's form cannot send. */
export function post(path, body) {
  return ask(new URL(path, base), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Granary-Console': '1' },
    body: JSON.stringify(body),
  });
}

async function ask(address, options) {
  let response;
  try {
    response = await fetch(address, { credentials: 'same-origin', cache: 'no-store', ...options });
  } catch (error) {
    throw error.name === 'AbortError' ? error : new Refusal(0, 'The silo does not answer.');
  }
  if (response.status === 401) {
    location.assign(`/login?return=/${location.hash}`); // the fragment survives the login's redirect
    throw new Refusal(401, 'You have to log in.');
  }
  if (!response.ok) {
    throw new Refusal(response.status, await reason(response));
  }
  return response.json();
}

async function reason(response) {
  const text = await response.text();
  try {
    return JSON.parse(text).error ?? text;
  } catch {
    return text.trim() || `The silo answered with status ${response.status}.`;
  }
}
