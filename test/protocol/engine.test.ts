import assert from "node:assert/strict";
import { test } from "node:test";
import { defaultSettings } from "../../conf/index.js";
import { DECODE_LIMIT_KEYS, DEFAULT_DECODE_LIMITS, type DecodeLimits } from "../../protocol/engine.js";

test("the limits of decoding have the names and the defaults of their settings", () => {
  for (const limit of Object.keys(DEFAULT_DECODE_LIMITS) as (keyof DecodeLimits)[]) {
    assert.equal(defaultSettings.get(DECODE_LIMIT_KEYS[limit]), DEFAULT_DECODE_LIMITS[limit], limit);
  }
});
