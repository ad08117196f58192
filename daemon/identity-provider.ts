/**
 * Contract of the identity provider: on whose account a call goes. `identity-providers/` holds one file each
 * (Hadoop: ipc/IdentityProvider.java).
 */
import type { Schedulable } from "./scheduler.js";

export interface IdentityProvider {
  /** A name for who calls; undefined if there is none to be had. */
  identify(call: Schedulable): string | undefined;
}
