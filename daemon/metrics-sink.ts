/**
 * Contract of the metrics sink: it shows a source to whoever asks over HTTP. `metrics-sinks/` holds one file each.
 */

/** What is answered to a request. */
export interface Page {
  /** Status of HTTP. */
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

export interface MetricsSink {
  /** Answers a request for what its query asks. */
  page(query: URLSearchParams): Page | Promise<Page>;
}
