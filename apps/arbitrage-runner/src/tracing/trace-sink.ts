/** What a span may carry. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>

/** A piece of time with a name in a trace; times are Unix milliseconds. */
export interface TraceSpan {
  add(attributes: SpanAttributes): void
  event(name: string, attributes: SpanAttributes, atMs: number): void
  /** Marks it as gone wrong. */
  fail(message: string): void
  end(atMs: number): void
}

/** Where traces go. */
export interface TraceSink {
  /** @param parent - What it is a part of; a trace of its own where there is none. */
  start(name: string, atMs: number, attributes: SpanAttributes, parent?: TraceSpan): TraceSpan
}
