/**
 * Contract of whoever knows the groups of users. `group-sources/` holds one file each.
 */

/** Whoever knows the groups of users. */
export interface GroupSource {
  /**
   * The groups of a user, the primary one first; none for a user that is not known, and for a text that is no name.
   * Throws if the groups cannot be found out.
   */
  groupsOf(user: string): readonly string[] | Promise<readonly string[]>;
}
