// Answers what the console asks its silo for, at the pace of a silo.

import { createServer } from 'node:http';

// As Watching/ClusterWatch.cs of the console has them.
const ClusterMilliseconds = 2000;
const QueuesEvery = 3;

/** Serves the cluster on a free port of loopback: `{ address, close() }`. */
export async function serve(cluster) {
  const answers = {
    '/console/me': () => cluster.me(),
    '/console/history': () => cluster.history(),
    '/console/audit': () => cluster.audit(),
    '/console/queues/detail': (query) => cluster.detail(query.get('queue')),
    '/console/queues/messages': (query) => cluster.messages(query.get('state')),
  };
  const viewers = new Set();
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://silo');
    if (pathname === '/console/events') {
      response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
      viewers.add(response);
      response.on('close', () => viewers.delete(response));
      tell(response, 'cluster', cluster.cluster());
      tell(response, 'queues', cluster.queues());
    } else {
      const answer = answers[pathname];
      response.writeHead(answer ? 200 : 404, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify(answer?.(searchParams) ?? {}));
    }
  });

  let turn = 0;
  const timer = setInterval(() => {
    cluster.step(ClusterMilliseconds / 1000);
    turn++;
    for (const viewer of viewers) {
      tell(viewer, 'cluster', cluster.cluster());
      if (turn % QueuesEvery === 0) {
        tell(viewer, 'queues', cluster.queues());
      }
    }
  }, ClusterMilliseconds);

  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${server.address().port}`,
    close() {
      clearInterval(timer);
      server.closeAllConnections();
      server.close();
    },
  };
}

function tell(response, kind, data) {
  response.write(`event: ${kind}\ndata: ${JSON.stringify(data)}\n\n`);
}
