/** Counterpart of Hadoop's TestIdentityProviders. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { userIdentityProvider } from "../../../daemon/identity-providers/user.js";
import { fakeCall } from "../../helpers/fake-call.js";

test("a call goes on the account of its user, by the whole name", () => {
  assert.equal(userIdentityProvider.identify(fakeCall({ user: "ann/host@REALM" })), "ann/host@REALM");
});
