/**
 * Metrics in the shape of Hadoop's /jmx (jmx/JMXJsonServlet.java): a JSON object with the beans that `qry` asks for, all by
 * default, or one attribute of a bean with `get=<bean>::<attribute>`.
 */
import { hostname } from "node:os";
import type { MetricsBean, MetricsRecord, MetricsSource } from "../metrics.js";
import type { MetricsSink, Page } from "../metrics-sink.js";
import { matchesObjectName, type ObjectName, parseObjectName } from "../object-name.js";

type Bean = Readonly<Record<string, unknown>> & { readonly name: string };

export class JmxSink implements MetricsSink {
  readonly #source: MetricsSource;
  readonly #service: string;
  readonly #hostname = hostname();

  /** `service` is the daemon's name in those of the beans, such as `NameNode`. */
  constructor(source: MetricsSource, service: string) {
    this.#source = source;
    this.#service = service;
  }

  page(query: URLSearchParams): Page {
    const get = query.get("get");
    return get === null ? this.#query(query.get("qry") ?? "*:*") : this.#attribute(get);
  }

  #query(text: string): Page {
    const pattern = parseObjectName(text);
    if (pattern === undefined) return failure(400, "query format is not as expected.");
    return json(200, { beans: this.#beans(pattern) });
  }

  #attribute(text: string): Page {
    const [name = "", attribute = "", ...more] = text.split("::");
    const pattern = parseObjectName(name);
    if (pattern === undefined || attribute === "" || more.length > 0) {
      return failure(400, "query format is not as expected.");
    }
    const found = this.#beans(pattern).find((bean) => Object.hasOwn(bean, attribute));
    if (found === undefined) return failure(404, `No attribute with name ${attribute} was found.`);
    const { name: beanName, modelerType } = found;
    return json(200, { beans: [{ name: beanName, modelerType, [attribute]: found[attribute] }] });
  }

  #beans(pattern: ObjectName): Bean[] {
    const beans = [
      ...this.#source.records().map((record) => this.#recordBean(record)),
      ...this.#source.beans().map((bean) => ownBean(bean)),
    ];
    return beans.filter(({ name }) => matchesObjectName(pattern, parseObjectName(name) as ObjectName));
  }

  #recordBean({ source, context, tags, texts, metrics }: MetricsRecord): Bean {
    return {
      name: `Hadoop:service=${this.#service},name=${source}`,
      modelerType: source,
      ...Object.fromEntries([...tags, ...(texts?.() ?? [])].map(([tag, text]) => [`tag.${tag}`, text])),
      "tag.Context": context,
      "tag.Hostname": this.#hostname,
      ...Object.fromEntries(metrics.map(({ name, value }) => [name, value])),
    };
  }
}

function ownBean({ name, modelerType, attributes }: MetricsBean): Bean {
  return { name, modelerType, ...attributes };
}

function failure(status: number, message: string): Page {
  return json(status, { result: "ERROR", message });
}

function json(status: number, value: unknown): Page {
  return { status, contentType: "application/json; charset=utf8", body: `${JSON.stringify(value, undefined, 2)}\n` };
}
