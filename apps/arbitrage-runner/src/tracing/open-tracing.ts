import type { Span } from '@opentelemetry/api'
import type { SpanExporter } from '@opentelemetry/sdk-trace-base'
import { toCexArbitrageException, type Logger } from '@cex-arbitrage/common'
import type { TracingConfig } from '@cex-arbitrage/config'
import type { TraceSink, TraceSpan } from './trace-sink.js'

export interface OpenedTracing {
  readonly sink: TraceSink
  /** Sends what waits, and gives up where nobody takes it. */
  close(): Promise<void>
}

const timeoutMs = 2_000

/**
 * Traces by OTLP over HTTP with OpenTelemetry's own packages, which are loaded here and nowhere else.
 *
 * @returns `undefined` where `tracing.enabled` is false.
 */
export async function openTracing(config: TracingConfig, logger: Logger): Promise<OpenedTracing | undefined> {
  if (!config.enabled) return undefined
  const [{ ROOT_CONTEXT, SpanStatusCode, trace }, { BasicTracerProvider, BatchSpanProcessor }, exporter, resources] =
    await Promise.all([
      import('@opentelemetry/api'),
      import('@opentelemetry/sdk-trace-base'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
    ])
  const provider = new BasicTracerProvider({
    resource: resources.resourceFromAttributes({ 'service.name': config.serviceName }),
    spanProcessors: [
      new BatchSpanProcessor(
        tellOfFailures(new exporter.OTLPTraceExporter({ url: config.url, timeoutMillis: timeoutMs }), logger),
      ),
    ],
  })
  const tracer = provider.getTracer('cex-arbitrage')
  const spans = new WeakMap<TraceSpan, Span>()
  const sink: TraceSink = {
    start: (name, atMs, attributes, parent) => {
      const above = parent && spans.get(parent)
      const context = above === undefined ? ROOT_CONTEXT : trace.setSpan(ROOT_CONTEXT, above)
      const span = tracer.startSpan(name, { startTime: atMs, attributes }, context)
      const traced: TraceSpan = {
        add: (more) => void span.setAttributes(more),
        event: (event, more, eventAtMs) => void span.addEvent(event, more, eventAtMs),
        fail: (message) => void span.setStatus({ code: SpanStatusCode.ERROR, message }),
        end: (endAtMs) => span.end(endAtMs),
      }
      spans.set(traced, span)
      return traced
    },
  }
  return {
    sink,
    close: async () => {
      try {
        await provider.shutdown()
      } catch (error) {
        const { message } = toCexArbitrageException(error, { doing: 'sending the last traces' })
        logger.warn({ url: config.url, message }, 'the last traces were not taken')
      }
    },
  }
}

/** Says once that the collector takes nothing, and once that it does again. */
function tellOfFailures(exporter: SpanExporter, logger: Logger): SpanExporter {
  const log = logger.child({ component: 'tracing' })
  let isAway = false
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        if (result.error !== undefined && !isAway)
          log.warn({ message: result.error.message }, 'the collector takes no traces')
        if (result.error === undefined && isAway) log.info({}, 'the collector takes traces again')
        isAway = result.error !== undefined
        done(result)
      }),
    shutdown: () => exporter.shutdown(),
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
  }
}
