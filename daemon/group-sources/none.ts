/** For servers on which only `hadoop.user.group.static.mapping.overrides` tells groups. */
import type { GroupSource } from "../group-source.js";

/** Nobody has a group (Hadoop: security/NullGroupsMapping.java). */
export class NoGroups implements GroupSource {
  groupsOf(): readonly string[] {
    return [];
  }
}
