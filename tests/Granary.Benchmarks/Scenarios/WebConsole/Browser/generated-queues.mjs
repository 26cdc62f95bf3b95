// The queues of the generated cluster: 150 queues, 10 topics and 40 subscriptions, of which each state has some.

const Queues = 150;
const Topics = 10;
const SubscriptionsOfTopic = 4;
const Partitions = 32;
const PageSize = 20;
const States = ['ok', 'ok', 'ok', 'ok', 'busy', 'idle', 'failing', 'paused', 'stuck'];
const Says = {
  ok: 'Messages are worked on.',
  busy: 'The oldest of 900 messages has waited for 2 min.',
  idle: 'There is nothing to do.',
  failing: 'Messages wait behind one of their group that fails again and again.',
  paused: 'Paused: messages wait until somebody resumes it.',
  stuck: 'No worker takes messages; the oldest has waited for 5 min.',
};

export class GeneratedQueues {
  #chance;
  #queues;

  constructor(chance) {
    this.#chance = chance;
    const numbers = (count) => Array.from({ length: count }, (_, number) => number);
    const topics = numbers(Topics).map((topic) => `events-${topic}`);
    this.#queues = [
      ...numbers(Queues).map((number) => this.#queue(`orders-${number}`, 'queue', number)),
      ...topics.map((name, number) => this.#queue(name, 'topic', number)),
      ...topics.flatMap((name, topic) =>
        numbers(SubscriptionsOfTopic).map((of) => this.#queue(`${name}/reader-${of}`, 'subscription', topic + of)),
      ),
    ];
    this.failing = this.#queues.find(({ state }) => state === 'failing').name;
  }

  step(seconds) {
    for (const queue of this.#queues) {
      queue.ready = Math.round(this.#chance.near(queue.ready));
      queue.leased = Math.round(this.#chance.near(60));
      queue.dead += this.#chance.below(40) === 0 ? 1 : 0;
      queue.oldestReadySeconds += this.#chance.near(seconds) - seconds;
      queue.rates = this.#rates();
    }
    const queue = this.#chance.of(this.#queues);
    queue.state = queue.name === this.failing ? queue.state : this.#chance.of(States); // the rows change places
    queue.says = Says[queue.state];
  }

  list() {
    return { time: Date.now(), available: true, reason: null, queues: this.#queues };
  }

  detail(name) {
    const queue = this.#queues.find((one) => one.name === name);
    return {
      queue,
      options: {
        leaseSeconds: 30,
        maxDeliveryCount: 20,
        retryDelaySeconds: 1,
        maxRetryDelaySeconds: 60,
        timeToLiveSeconds: null,
        deduplicationSeconds: 600,
        maxLength: 1_000_000,
        overflow: 'reject',
        maxMessageBytes: 1 << 20,
      },
      perPartition: Array.from({ length: Partitions }, (_, partition) => ({
        partition,
        ready: Math.round(this.#chance.near(30)),
        leased: Math.round(this.#chance.near(4)),
        delayed: 1,
        dead: partition % 3,
        oldestReadySeconds: this.#chance.near(20),
        damaged: null,
      })),
      stuckOn: this.#message('ready', 2),
    };
  }

  messages(state) {
    return { messages: Array.from({ length: PageSize }, (_, number) => this.#message(state, number)), next: '4.99' };
  }

  #queue(name, kind, number) {
    const state = States[number % States.length];
    return {
      name,
      kind,
      durability: 'strict',
      partitions: Partitions,
      openPartitions: Partitions,
      paused: state === 'paused',
      ready: 100 + 7 * number,
      delayed: number,
      leased: 60,
      deferred: 0,
      dead: number % 5,
      behind: kind === 'subscription' ? 40 : 0,
      oldestReadySeconds: 20 + number,
      oldestLeaseSeconds: 4,
      damagedPartitions: 0,
      rates: this.#rates(),
      waitingReceivers: 4,
      state,
      says: Says[state],
    };
  }

  #rates() {
    const sent = this.#chance.near(120);
    return { sent, received: sent, completed: sent, failed: this.#chance.near(0.4), deadLettered: 0.1 };
  }

  #message(state, number) {
    const lines = Array.from({ length: 20 }, (_, line) => ({ sku: `A-${line}`, count: line, note: 'as last time' }));
    const body = JSON.stringify({ order: 1000 + number, customer: `customer ${number}`, lines });
    return {
      position: `4.${number}`,
      state,
      messageId: `order-${number}`,
      group: `customer ${number}`,
      subject: 'order.placed',
      contentType: 'application/json',
      sentAt: Date.now() - 60_000 - 1000 * number,
      dueAt: null,
      failures: 13,
      deliveries: 14,
      headers: { subject: 'order.placed', traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' },
      bodyBytes: body.length,
      body,
      bodyIsText: true,
      bodyIsCut: false,
      deadReason: state === 'dead' ? 'maxDeliveryCountExceeded' : null,
      deadDescription: null,
      lastFailure: "FormatException: The input string 'B' was not in a correct format.",
      lastFailureAt: Date.now() - 5000,
    };
  }
}
