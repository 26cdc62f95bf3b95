// Which page the address says: #/ is the overview, #/queues/NAME a page with an argument.

/** `{ page, argument }` of the address of now; argument: null for none. */
export function route() {
  const [, page = '', ...rest] = location.hash.split('/');
  return { page: page || 'overview', argument: rest.length > 0 ? decode(rest.join('/')) : null };
}

/** The address of a queue, topic or subscription. */
export const queueAddress = (name) => `#/queues/${encodeURIComponent(name)}`;

/** Where a finding's `about` leads, and what the link says; null: nowhere. */
export function placeOf(about) {
  const [kind, ...rest] = (about ?? '').split(':');
  const name = rest.join(':');
  switch (kind) {
    case 'silo':
      return { address: `#/silos/${encodeURIComponent(name)}`, text: `Silo ${name}` };
    case 'queue':
      return { address: queueAddress(name), text: `Queue ${name}` };
    case 'topic':
      return { address: queueAddress(name), text: `Topic ${name}` };
    case 'subscription':
      return { address: queueAddress(name), text: `Subscription ${name}` };
    case 'key':
      return { address: '#/cache', text: 'Hot keys' };
    case 'cluster':
      return { address: '#/silos', text: 'Silos' };
    default:
      return null;
  }
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // typed by hand, with a % of its own
  }
}
