/** Metrics as tests look at them. */
import type { MetricsBean, MetricsRecord, MetricsSource } from "../../daemon/metrics.js";

/** The numbers of the record with this source, by name; empty if there is none. */
export function metricsOf(source: Pick<MetricsSource, "records">, name: RegExp): Record<string, number> {
  const found = source.records().filter((record) => name.test(record.source));
  return Object.fromEntries(found.flatMap(({ metrics }) => metrics.map((metric) => [metric.name, metric.value])));
}

/** A source of what it is given. */
export function fixedSource(records: readonly MetricsRecord[], beans: readonly MetricsBean[] = []): MetricsSource {
  return { records: () => records, beans: () => beans };
}

/** One line of Prometheus's text: a sample. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Samples and types of Prometheus's text. Throws for a line that is neither, and for a sample that comes twice. */
export function parsePrometheus(text: string): { samples: Sample[]; types: Map<string, string> } {
  const samples: Sample[] = [];
  const types = new Map<string, string>();
  const seen = new Set<string>();
  for (const line of text.split("\n")) {
    if (line === "" || line.startsWith("# HELP ")) continue;
    const type = /^# TYPE ([a-z_][a-z0-9_]*) (counter|gauge)$/.exec(line);
    if (type !== null) {
      types.set(type[1] as string, type[2] as string);
      continue;
    }
    const sample = /^([a-z_][a-z0-9_]*)\{(.*)\} (\S+)$/.exec(line);
    if (sample === null) throw new Error(`no line of Prometheus's text: ${line}`);
    const [, name = "", labelText = "", value = ""] = sample;
    if (seen.has(name + labelText)) throw new Error(`told twice: ${line}`);
    seen.add(name + labelText);
    const labels = [...labelText.matchAll(/([a-z_]+)="((?:[^"\\]|\\.)*)"/g)].map(([, key, text]) => [key, text]);
    samples.push({ name, labels: Object.fromEntries(labels) as Record<string, string>, value: Number(value) });
  }
  return { samples, types };
}
