import type { Clock, Logger } from '@cex-arbitrage/common'
import type { TracingConfig } from '@cex-arbitrage/config'
import type { OpenedJournal } from '../composition/open-journal.js'
import { openTracing } from './open-tracing.js'
import { TracedJournal } from './traced-journal.js'
import { TradeTracer } from './trade-tracer.js'

/** The same journal, whose trades become traces where that is configured. */
export async function traceJournal(
  opened: OpenedJournal,
  config: TracingConfig,
  { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
): Promise<OpenedJournal> {
  const tracing = await openTracing(config, logger)
  if (tracing === undefined) return opened
  const tracer = new TradeTracer(tracing.sink)
  const journal = new TracedJournal(opened.journal, clock, (record) => tracer.take(record))
  return {
    ...opened,
    journal,
    close: async () => {
      journal.drain()
      await opened.close()
      await tracing.close()
    },
  }
}
