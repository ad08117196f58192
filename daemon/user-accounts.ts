/**
 * What each user has in flight: connections that are open and calls that wait or run. A user without connections has no
 * account, so the accounts are never more than the connections.
 */

/** The account of one user. Whoever adds a call or takes one away changes `calls` itself: it is on the way of every call. */
export interface UserAccount {
  readonly name: string;
  connections: number;
  calls: number;
}

/** An account that is nobody's, for connections that have not said whose they are. */
export function strangerAccount(): UserAccount {
  return { name: "", connections: 0, calls: 0 };
}

export class UserAccounts {
  readonly #maxConnections: number;
  readonly #accounts = new Map<string, UserAccount>();

  /** `maxConnections` is what one user may have open; 0 is no limit (`hrpcd.user.connections.max`). */
  constructor(maxConnections: number) {
    this.#maxConnections = maxConnections;
  }

  /** Users that have connections. */
  get size(): number {
    return this.#accounts.size;
  }

  /** The accounts, in the order in which their users came: the source of metrics. */
  get all(): Iterable<Readonly<UserAccount>> {
    return this.#accounts.values();
  }

  /** Enters one more connection of a user, "" for one without a name; undefined if the user has as many as allowed. */
  open(name: string): UserAccount | undefined {
    const account = this.#accounts.get(name) ?? { name, connections: 0, calls: 0 };
    if (this.#maxConnections > 0 && account.connections >= this.#maxConnections) return undefined;
    account.connections++;
    this.#accounts.set(name, account);
    return account;
  }

  /** Takes back what `open` gave. */
  close(account: UserAccount): void {
    if (--account.connections === 0) this.#accounts.delete(account.name);
  }
}
