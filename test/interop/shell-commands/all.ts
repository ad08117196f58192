/** All groups of commands, in the order in which they run. */
import { CHANGING } from "./changing.js";
import { type CommandGroup, group } from "./command.js";
import { MAKING } from "./making.js";
import { PERMISSIONS } from "./permissions.js";
import { READING } from "./reading.js";

/** Empties the tree for the next version. What it prints depends on what was there, so that is not compared. */
export const CLEAN_UP = group(
  "clean up",
  `fs -rm -r -f -skipTrash /*
   dfsadmin -clrQuota /`,
);

export const COMMAND_GROUPS: readonly CommandGroup[] = [...MAKING, ...CHANGING, ...PERMISSIONS, ...READING];
