/**
 * Metrics as text for Prometheus, made with prom-client, under the names that Hadoop gives them
 * (metrics2/sink/PrometheusMetricsSink.java), so that dashboards for Hadoop show this server.
 *
 * ```
 *   record rpc, metric RpcQueueTimeNumOps   ->   rpc_rpc_queue_time_num_ops{port="8020",servername="...",context="rpc",...}
 * ```
 */
import { hostname } from "node:os";
import { Counter, Gauge, Registry } from "prom-client";
import type { MetricsRecord, MetricsSource } from "../metrics.js";
import type { MetricsSink, Page } from "../metrics-sink.js";

/** A metric of prom-client, and what it shows at the next look. */
interface Family {
  readonly type: "counter" | "gauge";
  readonly labels: Readonly<Record<string, string>>;
  value: number;
  /** The look at which its source told of it last. */
  look: number;
}

export class PrometheusSink implements MetricsSink {
  readonly #source: MetricsSource;
  readonly #registry = new Registry();
  readonly #families = new Map<string, Family>();
  readonly #hostname = hostname();
  #look = 0;

  constructor(source: MetricsSource) {
    this.#source = source;
  }

  async page(): Promise<Page> {
    this.#look++;
    for (const record of this.#source.records()) this.#take(record);
    for (const [name, { look }] of this.#families) {
      if (look !== this.#look) this.#forget(name);
    }
    return { status: 200, contentType: this.#registry.contentType, body: await this.#registry.metrics() };
  }

  #take({ record, context, tags, metrics }: MetricsRecord): void {
    const labels: Record<string, string> = { context, hostname: this.#hostname };
    for (const [tag, text] of tags) labels[tag.toLowerCase()] = text;
    for (const { name, kind, value, description } of metrics) {
      this.#show(prometheusName(capitalized(record) + capitalized(name)), kind, labels, value, description);
    }
  }

  #show(name: string, type: Family["type"], labels: Family["labels"], value: number, help: string): void {
    let family = this.#families.get(name);
    // What is the same but for capitals and signs has one name in Prometheus: the next is told apart by a number.
    if (family?.look === this.#look) {
      this.#show(`${name}_2`, type, labels, value, help);
      return;
    }
    if (family !== undefined && family.type !== type) {
      this.#forget(name);
      family = undefined;
    }
    if (family === undefined) {
      family = { type, labels, value, look: this.#look };
      this.#families.set(name, family);
      this.#register(name, family, help);
    }
    family.value = value;
    family.look = this.#look;
  }

  #register(name: string, family: Family, help: string): void {
    const { labels } = family;
    const options = { name, help, labelNames: Object.keys(labels), registers: [this.#registry] };
    if (family.type === "gauge") {
      new Gauge({
        ...options,
        collect() {
          this.set(labels, family.value);
        },
      });
    } else {
      new Counter({
        ...options,
        collect() {
          this.reset();
          this.inc(labels, family.value);
        },
      });
    }
  }

  #forget(name: string): void {
    this.#families.delete(name);
    this.#registry.removeSingleMetric(name);
  }
}

/**
 * The name of a metric in Prometheus: words, which begin where a capital follows a small letter or a capital begins
 * a word behind an acronym, in small letters, joined by `_`; so is what lies around other signs.
 */
export function prometheusName(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1_$2")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_");
}

function capitalized(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
