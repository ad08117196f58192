/** Every file of daemon/cost-providers and daemon/identity-providers keeps its contract. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import type { CostProvider } from "../../daemon/cost-provider.js";
import { callCostProvider } from "../../daemon/cost-providers/calls.js";
import { WeightedTimeCostProvider } from "../../daemon/cost-providers/weighted-time.js";
import type { IdentityProvider } from "../../daemon/identity-provider.js";
import { userIdentityProvider } from "../../daemon/identity-providers/user.js";
import { createProcessingDetails, TIMINGS, type Timing } from "../../daemon/processing-details.js";
import { fakeCall } from "../helpers/fake-call.js";

const ONES = Object.fromEntries(TIMINGS.map((timing) => [timing, 1])) as Record<Timing, number>;

const COST_PROVIDERS: Readonly<Record<string, CostProvider>> = {
  "calls.js": callCostProvider,
  "weighted-time.js": new WeightedTimeCostProvider(ONES),
};

const IDENTITY_PROVIDERS: Readonly<Record<string, IdentityProvider>> = { "user.js": userIdentityProvider };

function filesOf(folder: string): string[] {
  const names = readdirSync(new URL(`../../daemon/${folder}/`, import.meta.url));
  return names.filter((name) => name.endsWith(".js")).toSorted();
}

test("every provider there is is tested here", () => {
  assert.deepEqual(filesOf("cost-providers"), Object.keys(COST_PROVIDERS));
  assert.deepEqual(filesOf("identity-providers"), Object.keys(IDENTITY_PROVIDERS));
});

for (const [file, provider] of Object.entries(COST_PROVIDERS)) {
  test(`daemon/cost-providers/${file}: a cost is a whole number of at least 0, and does not depend on calls before`, () => {
    const taken = { ...createProcessingDetails(), queue: 1.5, lockfree: 1e12, response: 0.7 };
    for (const details of [createProcessingDetails(), taken]) {
      const cost = provider.cost(details);
      assert.ok(Number.isInteger(cost) && cost >= 0, String(cost));
      assert.equal(provider.cost(details), cost);
    }
  });
}

for (const [file, provider] of Object.entries(IDENTITY_PROVIDERS)) {
  test(`daemon/identity-providers/${file}: calls of one user have one name, and it may be that there is none`, () => {
    const [a, b, other] = [fakeCall({ user: "a" }), fakeCall({ user: "a" }), fakeCall({ user: "b" })];
    assert.equal(provider.identify(a), provider.identify(b));
    assert.notEqual(provider.identify(a), provider.identify(other));
    assert.equal(provider.identify(fakeCall()), undefined);
  });
}
