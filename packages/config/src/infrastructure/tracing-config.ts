import * as z from 'zod'
import { address, flag } from '../core/fields.js'

export const tracingConfigSchema = z
  .strictObject({
    enabled: flag(false, 'Whether every trade is sent to a collector as a trace.'),
    url: address(['https:', 'http:'], 'Where the collector takes traces by OTLP over HTTP.').default(
      'http://127.0.0.1:4318/v1/traces',
    ),
    serviceName: z.string().min(1).default('cex-arbitrage').describe('Name under which the collector shows them.'),
  })
  .prefault({})
  .describe('Traces of trades for OpenTelemetry.')

export type TracingConfig = z.infer<typeof tracingConfigSchema>
