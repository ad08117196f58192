/**
 * Three times as many calls as the server can run, sent whether or not it answers: how many it still runs, how soon the others
 * are refused, and how soon all is well again when the overload ends.
 *
 * `node dist/test/bench/overload.js [seconds]`. A FairCallQueue of 1,000 places with back-off in front of 50 handlers, first with
 * methods that wait 10 ms, then with methods that compute for 0.2 ms.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { ServerProcess, type ServerProcessOptions } from "./server-process.js";
import { type TimedAnswer, TimedPeer } from "./timed-peer.js";
import { percentile, printAtLeast, printAtMost, printFigure } from "./verdict.js";

const seconds = Number(process.argv[2] ?? 4);

const USERS = 20;
/** Calls that each user keeps in flight while the peak is measured. */
const PEAK_IN_FLIGHT = 10;
const PEAK_SECONDS = 2;
const OVERLOAD = 3;
/** How often calls are sent, and how often it is asked whether all is well. */
const TICK_MS = 2;
const USERS_PER_TICK = 5;
const PROBE_MS = 10;
const SETTLE_MS = 500;
const WARM_UP_MS = 700;
const RECOVERY_MS = 3000;

const SERVERS: readonly { readonly what: string; readonly options: ServerProcessOptions }[] = [
  { what: "methods that wait 10 ms", options: { handlerMs: 10 } },
  { what: "methods that compute for 0.2 ms", options: { busyMs: 0.2 } },
];

const HANDLERS = 50;

const SETTINGS = {
  "ipc.0.callqueue.impl": "org.apache.hadoop.ipc.FairCallQueue",
  "ipc.backoff.enable": true,
  "ipc.server.handler.queue.size": 20,
};

/** Opens a connection for each user. */
function openAll(port: number, answered: (answer: TimedAnswer, user: number) => void): Promise<TimedPeer[]> {
  const open = (user: number): Promise<TimedPeer> =>
    TimedPeer.open(port, `user${user}`, (answer) => answered(answer, user));
  return Promise.all(Array.from({ length: USERS }, (_, user) => open(user)));
}

interface Rate {
  readonly perSecond: number;
  /** Per second of the server's processor: on a machine that is busy otherwise, the fairer figure. */
  readonly perCpuSecond: number;
}

/** Calls that the server runs when each answer is followed by another call. */
async function measurePeak(server: ServerProcess): Promise<Rate> {
  let served = 0;
  let over = false;
  const peers: TimedPeer[] = await openAll(server.port, (_answer, user) => {
    served++;
    if (!over) peers[user]?.send(1);
  });
  for (const peer of peers) peer.send(PEAK_IN_FLIGHT);
  await sleep(SETTLE_MS);
  const usedBefore = await server.usage();
  const [start, before] = [performance.now(), served];
  await sleep(PEAK_SECONDS * 1000);
  const usedAfter = await server.usage();
  const calls = served - before;
  const perSecond = (calls * 1000) / (performance.now() - start);
  over = true;
  await sleep(SETTLE_MS);
  for (const peer of peers) peer.close();
  return { perSecond, perCpuSecond: (calls * 1000) / (usedAfter.cpuMs - usedBefore.cpuMs) };
}

/** Sends calls at a rate until the time is over: at each tick a few users send, and then it is the turn of others. */
async function sendAtRate(peers: readonly TimedPeer[], perSecond: number, ms: number): Promise<number> {
  const start = performance.now();
  let [sent, turn] = [0, 0];
  for (let elapsed = 0; elapsed < ms; elapsed = performance.now() - start) {
    const due = Math.floor((elapsed * perSecond) / 1000) - sent;
    for (let i = 0; i < USERS_PER_TICK; i++) {
      const count = Math.floor((due * (i + 1)) / USERS_PER_TICK) - Math.floor((due * i) / USERS_PER_TICK);
      if (count > 0) peers[turn++ % peers.length]?.send(count);
    }
    sent += due;
    await sleep(TICK_MS);
  }
  return sent;
}

/** A user who makes a call now and then, until it is told to stop. */
async function probe(port: number): Promise<{ readonly answers: TimedAnswer[]; stop(): Promise<void> }> {
  const answers: TimedAnswer[] = [];
  const peer = await TimedPeer.open(port, "probe", (answer) => answers.push(answer));
  const timer = setInterval(() => peer.send(1), PROBE_MS);
  return {
    answers,
    async stop() {
      clearInterval(timer);
      await sleep(SETTLE_MS);
      peer.close();
    },
  };
}

const took = ({ sentMs, answeredMs }: TimedAnswer): number => answeredMs - sentMs;

/** When the first of ten probes in a row was sent of which nine were served in time; infinite if there are none. */
function wellFromMs(answers: readonly TimedAnswer[], inTimeMs: number): number {
  const inOrder = answers.toSorted((a, b) => a.sentMs - b.sentMs);
  const isWell = (answer: TimedAnswer): boolean => answer.served && took(answer) <= inTimeMs;
  const first = inOrder.findIndex((_, i) => inOrder.slice(i, i + 10).filter(isWell).length >= 9);
  return inOrder[first]?.sentMs ?? Number.POSITIVE_INFINITY;
}

async function measure(what: string, options: ServerProcessOptions): Promise<void> {
  const server = await ServerProcess.start({ ...options, numHandlers: HANDLERS, settings: SETTINGS });
  try {
    const peak = await measurePeak(server);
    const answers: TimedAnswer[] = [];
    const peers = await openAll(server.port, (answer) => answers.push(answer));
    // Code that has not run yet is slow, in both processes.
    await sendAtRate(peers, OVERLOAD * peak.perSecond, WARM_UP_MS);
    await sleep(RECOVERY_MS);
    answers.length = 0;

    const probing = await probe(server.port);
    await sleep(1000);
    const unloaded = percentile(probing.answers.map(took), 0.99);
    const usedBefore = await server.usage();
    const startMs = performance.now();
    const sent = await sendAtRate(peers, OVERLOAD * peak.perSecond, seconds * 1000);
    const endMs = performance.now();
    const cpuMs = (await server.usage()).cpuMs - usedBefore.cpuMs;
    await sleep(RECOVERY_MS);
    await probing.stop();

    const perSecond = (calls: number): number => (calls * 1000) / (endMs - startMs);
    const served = answers.filter((answer) => answer.served);
    const shed = answers.filter((answer) => !answer.served).map(took);
    const inTime = served.filter(({ answeredMs }) => answeredMs <= endMs);
    const afterwards = probing.answers.filter(({ sentMs }) => sentMs > endMs);
    const unanswered = peers.reduce((sum, { outstanding }) => sum + outstanding, 0);

    process.stdout.write(`${what}\n`);
    printFigure("  peak", peak.perSecond, "calls per second");
    printFigure("  sent during the overload", perSecond(sent), "calls per second");
    printAtLeast("  run during the overload", (100 * perSecond(inTime.length)) / peak.perSecond, 90, "% of the peak");
    if (options.busyMs !== undefined) {
      const perCpuSecond = (inTime.length * 1000) / cpuMs;
      printFigure("  the same per second of its processor", (100 * perCpuSecond) / peak.perCpuSecond, "% of the peak");
    }
    printFigure("  refused", shed.length, "calls");
    printFigure("  refused after, p50", percentile(shed, 0.5), "ms");
    printAtMost("  refused after, p99", percentile(shed, 0.99), 10, "ms");
    printFigure("  answered when run, p99", percentile(served.map(took), 0.99), "ms");
    printFigure("  calls without an answer", unanswered, "calls");
    printAtMost("  all is well again after", wellFromMs(afterwards, 2 * unloaded) - endMs, 1000, "ms");
    for (const peer of peers) peer.close();
  } finally {
    await server.stop();
  }
}

for (const { what, options } of SERVERS) await measure(what, options);
