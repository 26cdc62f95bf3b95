// Whether the generated cluster still says what silos say: the properties of its answers are compared with a silo's.

/** What differs, in sentences. The silo has a queue. */
export async function differences(cluster, address) {
  const events = await firstEvents(address);
  const queue = events.queues.queues[0];
  const query = (path, of) => ask(address, `${path}?${new URLSearchParams(of)}`);
  const silo = {
    ...events,
    me: await ask(address, 'me'),
    history: await ask(address, 'history'),
    audit: await ask(address, 'audit'),
    detail: await query('queues/detail', { queue: queue.name }),
    messages: await query('queues/messages', { queue: queue.name, state: 'ready' }),
  };
  const generated = {
    cluster: cluster.cluster(),
    queues: cluster.queues(),
    me: cluster.me(),
    history: cluster.history(),
    audit: cluster.audit(),
    detail: cluster.detail(cluster.failingQueue),
    messages: cluster.messages('ready'),
  };
  return [...compare('', silo, generated)];
}

// The second event of the cluster is the first with rates.
async function firstEvents(address) {
  const abort = new AbortController();
  const response = await fetch(new URL('console/events', address), { signal: abort.signal });
  const found = {};
  let text = '';
  let clusters = 0;
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const blocks = text.split('\n\n');
    text = blocks.pop();
    for (const block of blocks) {
      const [, kind, data] = /^event: (\w+)\ndata: (.*)$/.exec(block.trim());
      found[kind] = JSON.parse(data);
      clusters += kind === 'cluster' ? 1 : 0;
    }
    if (clusters > 1 && found.queues) {
      break;
    }
  }
  abort.abort();
  return found;
}

async function ask(address, path) {
  return (await fetch(new URL(`console/${path}`, address))).json();
}

// What is null or empty on one side says nothing. Names of silos are no properties.
function* compare(at, one, other) {
  if (one === null || other === null || typeof one !== 'object' || typeof other !== 'object') {
    return;
  }
  if (Array.isArray(one) || Array.isArray(other)) {
    if (Array.isArray(one) !== Array.isArray(other)) {
      yield `${at} is a list on one side only.`;
    } else if (one.length > 0 && other.length > 0) {
      yield* compare(`${at}[]`, one[0], other[0]);
    }
    return;
  }
  if (at === '/history/silos' || at.endsWith('/headers')) {
    yield* compare(`${at}/*`, Object.values(one)[0] ?? null, Object.values(other)[0] ?? null);
    return;
  }
  for (const name of new Set([...Object.keys(one), ...Object.keys(other)])) {
    if (!(name in one) || !(name in other)) {
      yield `${at}/${name} is not ${name in one ? 'generated' : "said by the silo"}.`;
    } else {
      yield* compare(`${at}/${name}`, one[name], other[name]);
    }
  }
}
