/**
 * The groups of users as services ask for them: what the settings say of a user, or else what a source says, remembered for a
 * while (Hadoop: security/Groups.java).
 */
import { LRUCache } from "lru-cache";
import type { Settings } from "../conf/index.js";
import type { GroupSource } from "./group-source.js";
import { NoGroups } from "./group-sources/none.js";
import { SystemGroups } from "./group-sources/system.js";
import { isUserName } from "./user-name.js";

/** Users whose groups are remembered: many times those of a cluster, and some megabytes at most. */
const MAX_USERS = 10_000;
/** Names without groups that are remembered: whoever makes up names must not push out the users that there are. */
const MAX_UNKNOWN = 1_000;

/** What `Groups` is made of; times are milliseconds. */
export interface GroupsOptions {
  /** Users whose groups are not asked for. */
  readonly overrides: ReadonlyMap<string, readonly string[]>;
  readonly source: GroupSource;
  /** How long the groups of a user are remembered; 0 is not at all. */
  readonly cacheMs: number;
  /** The same for a user that has none. */
  readonly negativeCacheMs: number;
  /** A clock, in milliseconds; default the machine's. */
  readonly now?: () => number;
}

interface Remembered {
  readonly groups: readonly string[];
  readonly untilMs: number;
}

/** The groups of users, cached. Made by `createGroups`. */
export class Groups implements GroupSource {
  readonly #options: GroupsOptions;
  #memory = new Memory();

  constructor(options: GroupsOptions) {
    this.#options = options;
  }

  /** The groups of a user, the primary one first; none for a user that is not known. Rejects if they cannot be found out. */
  async groupsOf(user: string): Promise<readonly string[]> {
    const override = this.#options.overrides.get(user);
    if (override !== undefined) return override;
    if (!isUserName(user)) return [];
    const memory = this.#memory;
    const { known, unknown, asked } = memory;
    const remembered = known.get(user) ?? unknown.get(user);
    if (remembered !== undefined && this.#now() < remembered.untilMs) return remembered.groups;
    let answer = asked.get(user);
    if (answer === undefined) {
      answer = this.#ask(user, memory).finally(() => asked.delete(user));
      asked.set(user, answer);
    }
    return answer;
  }

  /** Forgets what is cached; an answer that is on its way still goes to those who wait for it, and to nobody later. */
  refresh(): void {
    this.#memory = new Memory();
  }

  async #ask(user: string, { known, unknown }: Memory): Promise<readonly string[]> {
    const { source, cacheMs, negativeCacheMs } = this.#options;
    const groups = Object.freeze([...(await source.groupsOf(user))]);
    if (groups.length > 0) {
      unknown.delete(user);
      known.set(user, { groups, untilMs: this.#now() + cacheMs });
    } else {
      known.delete(user);
      unknown.set(user, { groups, untilMs: this.#now() + negativeCacheMs });
    }
    return groups;
  }

  #now(): number {
    return this.#options.now?.() ?? performance.now();
  }
}

class Memory {
  readonly known = new LRUCache<string, Remembered>({ max: MAX_USERS });
  readonly unknown = new LRUCache<string, Remembered>({ max: MAX_UNKNOWN });
  /** Users whose groups are being asked for: one question does for all who want to know. */
  readonly asked = new Map<string, Promise<readonly string[]>>();
}

const NO_GROUPS_MAPPING = "org.apache.hadoop.security.NullGroupsMapping";

/** Groups as the settings have it: `hadoop.security.group.mapping` and what belongs to it. */
export function createGroups(conf: Settings): Groups {
  return new Groups({
    overrides: parseOverrides(conf.get("hadoop.user.group.static.mapping.overrides")),
    source: conf.get("hadoop.security.group.mapping") === NO_GROUPS_MAPPING ? new NoGroups() : new SystemGroups(),
    cacheMs: 1000 * conf.get("hadoop.security.groups.cache.secs"),
    negativeCacheMs: 1000 * conf.get("hadoop.security.groups.negative-cache.secs"),
  });
}

/** `user=group,group;user=;...`, which the settings have checked. */
function parseOverrides(text: string): Map<string, readonly string[]> {
  const overrides = new Map<string, readonly string[]>();
  for (const entry of text.split(";")) {
    const [user = "", groups = ""] = entry.split("=", 2);
    if (user.trim() === "") continue;
    overrides.set(user.trim(), Object.freeze(trimmedParts(groups)));
  }
  return overrides;
}

function trimmedParts(list: string): string[] {
  return list
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}
