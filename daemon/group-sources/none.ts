/** Nobody has a group, but by `hadoop.user.group.static.mapping.overrides` (Hadoop: security/NullGroupsMapping.java). */
import type { GroupSource } from "../group-source.js";

export class NoGroups implements GroupSource {
  groupsOf(): readonly string[] {
    return [];
  }
}
