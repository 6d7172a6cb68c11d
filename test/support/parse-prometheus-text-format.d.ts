declare module 'parse-prometheus-text-format' {
  /** Reads Prometheus' text format into families; throws on what is not of it. */
  export default function parsePrometheusTextFormat(text: string): unknown[];
}
