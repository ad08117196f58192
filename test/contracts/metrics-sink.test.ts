/** Every file of daemon/metrics-sinks keeps the contract of daemon/metrics-sink.ts. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { describe, test } from "node:test";
import { counter, gauge, type MetricsSource } from "../../daemon/metrics.js";
import type { MetricsSink } from "../../daemon/metrics-sink.js";
import { JmxSink } from "../../daemon/metrics-sinks/jmx.js";
import { PrometheusSink } from "../../daemon/metrics-sinks/prometheus.js";

/** How each file's sink is made. */
const MAKERS: Readonly<Record<string, (source: MetricsSource) => MetricsSink>> = {
  "jmx.js": (source) => new JmxSink(source, "test"),
  "prometheus.js": (source) => new PrometheusSink(source),
};

for (const file of readdirSync(new URL("../../daemon/metrics-sinks", import.meta.url))) {
  if (!file.endsWith(".js")) continue;
  describe(file, () => {
    const make = MAKERS[file];
    assert.ok(make, `${file} has no entry in this test`);

    test("each look shows the numbers of its moment", async () => {
      let value = 41.5;
      const record = { source: "S", record: "rec", context: "con", tags: [] };
      const sink = make({
        records: () => [{ ...record, metrics: [gauge("Size", value, "size"), counter("Ops", 7, "ops")] }],
        beans: () => [],
      });
      for (const next of [42.25, 43]) {
        const { status, contentType, body } = await sink.page(new URLSearchParams());
        assert.equal(status, 200);
        assert.match(contentType, /^[a-z]+\/[a-z]+; /);
        assert.ok(body.includes(String(value)) && body.includes("7"), body);
        value = next;
      }
    });

    test("an odd query and a source with nothing to tell are answered", async () => {
      const sink = make({ records: () => [], beans: () => [] });
      for (const query of ["", "qry=%00", "get=%F0", "x=".repeat(1000)]) {
        const { status } = await sink.page(new URLSearchParams(query));
        assert.ok(status === 200 || status === 400, `${query}: ${status}`);
      }
    });

    test("what the source throws is not hidden", async () => {
      const sink = make({
        records: () => {
          throw new Error("no");
        },
        beans: () => [],
      });
      await assert.rejects(async () => sink.page(new URLSearchParams()), /no/);
    });
  });
}
