/**
 * Every decoder there is, as a target.
 */
import { ENGINE_TARGETS } from "./engine-targets.js";
import type { Target } from "./target.js";
import { WIRE_TARGETS } from "./wire-targets.js";

export const ALL_TARGETS: readonly Target[] = [...WIRE_TARGETS, ...ENGINE_TARGETS];
