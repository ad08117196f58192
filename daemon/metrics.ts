/**
 * Contract of metrics: what a server tells of itself, in the shape of Hadoop's metrics system. A source is read when somebody
 * asks; between two readings only plain numbers are counted.
 */

/** One number of a record. */
export interface Metric {
  /** As Hadoop names it, such as `RpcQueueTimeNumOps`. */
  readonly name: string;
  /** A counter only grows; a gauge does as it likes. */
  readonly kind: "counter" | "gauge";
  readonly value: number;
  /** What the number counts, in a few words. */
  readonly description: string;
}

/** Numbers that belong together. */
export interface MetricsRecord {
  /** The name of its JMX bean behind `Hadoop:service=...,name=`, such as `RpcActivityForPort8020`. */
  readonly source: string;
  /** What the names of its Prometheus metrics begin with, before they are rewritten. */
  readonly record: string;
  readonly context: string;
  /** Name and text of each further tag. */
  readonly tags: readonly (readonly [name: string, text: string])[];
  /** Tags whose text is another one at each look, and long: they are no labels, and made only for who wants them. */
  readonly texts?: () => readonly (readonly [name: string, text: string])[];
  readonly metrics: readonly Metric[];
}

/** A JMX bean of its own, beside those that are made of records. */
export interface MetricsBean {
  /** The whole name, such as `Hadoop:service=ipc.8020,name=FairCallQueue`. */
  readonly name: string;
  /** The Java class that offers it in Hadoop. */
  readonly modelerType: string;
  readonly attributes: Readonly<Record<string, string | number | readonly number[]>>;
}

/** Whoever has metrics to tell: a server. Both members are a look at this moment. */
export interface MetricsSource {
  records(): readonly MetricsRecord[];
  beans(): readonly MetricsBean[];
}

/** A number that only grows. */
export function counter(name: string, value: number, description: string): Metric {
  return { name, kind: "counter", value, description };
}

/** A number that does as it likes. */
export function gauge(name: string, value: number, description: string): Metric {
  return { name, kind: "gauge", value, description };
}
