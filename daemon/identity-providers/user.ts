/** A call goes on the account of the user it runs as (Hadoop's default: ipc/UserIdentityProvider.java). */
import type { IdentityProvider } from "../identity-provider.js";

export const userIdentityProvider: IdentityProvider = {
  identify: (call) => call.user?.name,
};
