/**
 * Every decoder there is, as a target.
 */
import type { Target } from "./target.js";
import { WIRE_TARGETS } from "./wire-targets.js";

export const ALL_TARGETS: readonly Target[] = [...WIRE_TARGETS];
