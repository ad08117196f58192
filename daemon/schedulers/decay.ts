/**
 * The more a user has used of late, the lower the level of its calls (Hadoop: ipc/DecayRpcScheduler.java).
 *
 * Each call that has run adds its cost to its user's account. Once in a period every account is multiplied by the decay factor
 * and rounded down, and users get the level that their share of the sum stands for; who comes new in between gets the level
 * of the moment. Accounts at 0 are dropped.
 *
 * ```
 *   share of the sum     0 ...... 12.5 % ...... 25 % ...... 50 % ...... 100 %
 *   level                    0    |      1      |     2     |      3           default thresholds of four levels
 * ```
 * Names come from peers, so accounts are bounded: when there are `maxUsers`, users without one share one account until a
 * decay has made room (in Hadoop, their number has no bound).
 */
import type { Clock } from "../clock.js";
import type { CostProvider } from "../cost-provider.js";
import type { IdentityProvider } from "../identity-provider.js";
import type { ProcessingDetails } from "../processing-details.js";
import type { Schedulable, Scheduler } from "../scheduler.js";

/** The account of calls that the identity provider has no name for (Hadoop's name for it). */
export const UNKNOWN_IDENTITY = "IdentityProvider.Unknown";
/** The account of users for whom there is no room. */
export const OTHER_IDENTITIES = "IdentityProvider.Others";
/** Users whose names are longer and begin alike share an account. */
const MAX_NAME_CHARS = 256;
/** Averages below this, in milliseconds, are none. */
const PRECISION_MS = 0.0001;
const NS_PER_MS = 1e6;

/** What a DecayScheduler is made of. */
export interface DecaySchedulerOptions {
  /** Number of levels, at least 1. */
  readonly levels: number;
  /** Time between two decays, at least 1. */
  readonly periodMs: number;
  /** What a decay leaves, greater than 0 and less than 1. */
  readonly decayFactor: number;
  /** Shares (0 to 1) from which on a user has level 1, 2 and so on: one fewer than levels; empty: each half of the next. */
  readonly thresholds: readonly number[];
  /** Users that always have level 0, and whose use does not count in the sum. */
  readonly serviceUsers: readonly string[];
  /** Average response times beyond which calls are refused, one for each level; empty: 10 s, 20 s and so on; undefined: never. */
  readonly backoffThresholdsMs: readonly number[] | undefined;
  /** Users that `snapshot` names, at most; at least 1. */
  readonly topUsers: number;
  /** Accounts that are kept, at most; at least 1. Those of service users come on top. */
  readonly maxUsers: number;
  readonly identityProvider: IdentityProvider;
  readonly costProvider: CostProvider;
  readonly clock: Pick<Clock, "every">;
}

/** What a user has used. */
interface Account {
  readonly name: string;
  readonly isServiceUser: boolean;
  decayed: number;
  raw: number;
  /** As the last decay has set it; undefined for an account that is younger. */
  level: number | undefined;
}

/** What the scheduler knows, by Hadoop's names: the source of metrics. */
export interface DecaySnapshot {
  /** Sum of all accounts but those of service users: after decay, and as it was added up. */
  readonly decayedCallVolume: number;
  readonly callVolume: number;
  readonly serviceUserDecayedCallVolume: number;
  readonly serviceUserCallVolume: number;
  /** Users with an account. */
  readonly uniqueCallers: number;
  /** Of the last whole period: calls that have run, and what a call took in queue and method, by level. */
  readonly priorities: readonly { readonly completedCallVolume: number; readonly avgResponseTimeMs: number }[];
  /** Those that have used most, most first; a level is there once the first decay has set it. */
  readonly topCallers: readonly {
    readonly name: string;
    readonly volume: number;
    readonly priority: number | undefined;
  }[];
}

/** Thresholds that halve each time: 0.125, 0.25 and 0.5 for four levels. */
export function defaultThresholds(levels: number): number[] {
  return Array.from({ length: levels - 1 }, (_, i) => 2 ** i / 2 ** (levels - 1));
}

/** Ten seconds more for each level: 10, 20, 30 and 40 seconds for four. */
export function defaultBackoffThresholdsMs(levels: number): number[] {
  return Array.from({ length: levels }, (_, level) => 10_000 * (level + 1));
}

export class DecayScheduler implements Scheduler {
  readonly levels: number;
  readonly addResponseTime: (call: Schedulable, details: ProcessingDetails) => void;
  readonly #options: DecaySchedulerOptions;
  readonly #thresholds: readonly number[];
  readonly #backoffThresholdsMs: readonly number[] | undefined;
  readonly #serviceUsers: ReadonlySet<string>;
  readonly #accounts = new Map<string, Account>();
  #others = newAccount(OTHER_IDENTITIES, false);
  readonly #responseTimes: ResponseTimes;
  #sum = { decayed: 0, raw: 0 };
  #serviceSum = { decayed: 0, raw: 0 };
  /** Runs while there is anything to decay. */
  #timer: { stop(): void } | undefined;
  #stopped = false;

  /** Throws RangeError for options out of range. */
  constructor(options: DecaySchedulerOptions) {
    const { levels, thresholds, serviceUsers, backoffThresholdsMs } = options;
    if (!Number.isInteger(levels) || levels < 1) throw new RangeError(`levels must be at least 1, got ${levels}`);
    checkCount("thresholds", thresholds, levels - 1);
    checkCount("backoffThresholdsMs", backoffThresholdsMs ?? [], levels);
    this.levels = levels;
    this.#options = options;
    this.#thresholds = thresholds.length === 0 ? defaultThresholds(levels) : thresholds;
    this.#backoffThresholdsMs =
      backoffThresholdsMs?.length === 0 ? defaultBackoffThresholdsMs(levels) : backoffThresholdsMs;
    this.#serviceUsers = new Set(serviceUsers.map(accountName));
    this.#responseTimes = new ResponseTimes(levels, options.decayFactor);
    this.addResponseTime = (call, details) => this.#add(call, details);
  }

  priorityLevel(call: Schedulable): number {
    const account = this.#find(this.#nameOf(call));
    return account === undefined ? this.#levelOf(0) : (account.level ?? this.#levelOfAccount(account));
  }

  /** While answers of a level take too long, calls of that level and of those below it are refused. */
  shouldBackOff(call: Schedulable): boolean {
    const thresholdsMs = this.#backoffThresholdsMs;
    if (thresholdsMs === undefined) return false;
    const last = Math.min(call.priorityLevel, this.levels - 1);
    for (let level = 0; level <= last; level++) {
      if ((this.#responseTimes.averageMs[level] as number) > (thresholdsMs[level] as number)) return true;
    }
    return false;
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.stop();
    this.#timer = undefined;
  }

  /** Ends a period now: what the timer does. */
  decay(): void {
    const { decayFactor } = this.#options;
    this.#sum = { decayed: 0, raw: 0 };
    this.#serviceSum = { decayed: 0, raw: 0 };
    for (const account of this.#everyAccount()) {
      const sum = account.isServiceUser ? this.#serviceSum : this.#sum;
      account.decayed = Math.floor(account.decayed * decayFactor);
      sum.decayed += account.decayed;
      sum.raw += account.raw;
      if (account.decayed === 0) this.#drop(account);
    }
    for (const account of this.#everyAccount()) account.level = this.#levelOfAccount(account);
    this.#responseTimes.endWindow();
    if (this.#accounts.size === 0 && this.#others.raw === 0 && this.#responseTimes.quiet) {
      this.#timer?.stop();
      this.#timer = undefined;
    }
  }

  /** What is known now. Takes time in proportion to the number of users. */
  snapshot(): DecaySnapshot {
    const { averageMs, lastCounts } = this.#responseTimes;
    return {
      decayedCallVolume: this.#sum.decayed,
      callVolume: this.#sum.raw,
      serviceUserDecayedCallVolume: this.#serviceSum.decayed,
      serviceUserCallVolume: this.#serviceSum.raw,
      uniqueCallers: this.#accounts.size + (this.#others.raw === 0 ? 0 : 1),
      priorities: averageMs.map((avgResponseTimeMs, level) => ({
        completedCallVolume: lastCounts[level] as number,
        avgResponseTimeMs,
      })),
      topCallers: topAccounts(this.#everyAccount(), this.#options.topUsers).map(({ name, raw, level }) => ({
        name,
        volume: raw,
        priority: level,
      })),
    };
  }

  /** What each user's account stands at. */
  callVolumes(): Map<string, number> {
    return new Map(Array.from(this.#everyAccount(), ({ name, decayed }) => [name, decayed]));
  }

  /** The level that each user was given by the last decay. */
  decisions(): Map<string, number> {
    const decided = Array.from(this.#everyAccount()).filter(({ level }) => level !== undefined);
    return new Map(decided.map(({ name, level }) => [name, level as number]));
  }

  #add(call: Schedulable, details: ProcessingDetails): void {
    const { costProvider, periodMs, clock } = this.#options;
    const account = this.#open(this.#nameOf(call));
    const cost = costProvider.cost(details);
    const sum = account.isServiceUser ? this.#serviceSum : this.#sum;
    account.decayed += cost;
    account.raw += cost;
    sum.decayed += cost;
    sum.raw += cost;
    const level = Math.min(call.priorityLevel, this.levels - 1);
    this.#responseTimes.add(level, (details.queue + details.processing) / NS_PER_MS);
    if (this.#timer === undefined && !this.#stopped) this.#timer = clock.every(periodMs, () => this.decay());
  }

  #nameOf(call: Schedulable): string {
    return accountName(this.#options.identityProvider.identify(call) ?? UNKNOWN_IDENTITY);
  }

  /** The account that a name's calls go on; undefined if it has none and there is room for one. */
  #find(name: string): Account | undefined {
    const account = this.#accounts.get(name);
    const hasRoom = this.#accounts.size < this.#options.maxUsers || this.#serviceUsers.has(name);
    return account !== undefined || hasRoom ? account : this.#others;
  }

  #open(name: string): Account {
    let account = this.#find(name);
    if (account === undefined) {
      account = newAccount(name, this.#serviceUsers.has(name));
      this.#accounts.set(name, account);
    }
    return account;
  }

  #drop(account: Account): void {
    if (account === this.#others) this.#others = newAccount(OTHER_IDENTITIES, false);
    else this.#accounts.delete(account.name);
  }

  *#everyAccount(): Generator<Account> {
    yield* this.#accounts.values();
    if (this.#others.raw > 0) yield this.#others;
  }

  #levelOfAccount(account: Account): number {
    return account.isServiceUser ? 0 : this.#levelOf(account.decayed);
  }

  #levelOf(cost: number): number {
    const share = this.#sum.decayed > 0 ? cost / this.#sum.decayed : 0;
    let level = this.levels - 1;
    while (level > 0 && share < (this.#thresholds[level - 1] as number)) level--;
    return level;
  }
}

/** Response times of each level: added up in this window, averaged over those before. */
class ResponseTimes {
  /**
   * The average of the last window plus what the decay factor leaves of this figure before: what does not change comes to
   * stand at 1 / (1 - factor) times the average. It is so in Hadoop, whose thresholds are meant for it.
   */
  readonly averageMs: number[];
  /** Calls of the last window. */
  readonly lastCounts: number[];
  readonly #counts: number[];
  readonly #totalsMs: number[];
  readonly #decayFactor: number;

  constructor(levels: number, decayFactor: number) {
    const zeros = (): number[] => new Array<number>(levels).fill(0);
    this.averageMs = zeros();
    this.lastCounts = zeros();
    this.#counts = zeros();
    this.#totalsMs = zeros();
    this.#decayFactor = decayFactor;
  }

  /** Nothing is left that another window would change. */
  get quiet(): boolean {
    return this.averageMs.every((ms) => ms === 0) && this.lastCounts.every((count) => count === 0);
  }

  add(level: number, ms: number): void {
    this.#counts[level] = (this.#counts[level] as number) + 1;
    this.#totalsMs[level] = (this.#totalsMs[level] as number) + ms;
  }

  endWindow(): void {
    for (const [level, count] of this.#counts.entries()) {
      const average = count === 0 ? 0 : (this.#totalsMs[level] as number) / count;
      const before = this.averageMs[level] as number;
      const counts = before > PRECISION_MS || average > PRECISION_MS;
      this.averageMs[level] = counts ? this.#decayFactor * before + average : 0;
      this.lastCounts[level] = count;
      this.#counts[level] = 0;
      this.#totalsMs[level] = 0;
    }
  }
}

function newAccount(name: string, isServiceUser: boolean): Account {
  return { name, isServiceUser, decayed: 0, raw: 0, level: undefined };
}

/** The name of an account. A long name is copied, for a part of a text keeps all of it alive. */
function accountName(identity: string): string {
  return identity.length <= MAX_NAME_CHARS ? identity : Buffer.from(identity.slice(0, MAX_NAME_CHARS)).toString();
}

function checkCount(option: string, values: readonly number[], count: number): void {
  if (values.length === 0 || values.length === count) return;
  throw new RangeError(`${option} must be ${count} numbers, got ${values.length}`);
}

/** Those with the greatest use, greatest first. */
function topAccounts(accounts: Iterable<Account>, count: number): Account[] {
  const used = Array.from(accounts).filter(({ raw }) => raw > 0);
  return used.sort((a, b) => b.raw - a.raw).slice(0, count);
}
