import { ConfigurationException, type ExchangeId } from '@cex-arbitrage/common'
import { BaseExchangeFactory, type ComponentRegistry, type ExchangeContext } from '@cex-arbitrage/exchanges'
import { sampleOptionsSchema } from './schemas.js'

/** Assembles the parts, after the options have been found right. */
export class SampleExchangeFactory extends BaseExchangeFactory {
  /** @throws {@link ConfigurationException} An option is wrong; all of them are named. */
  constructor(exchange: ExchangeId, registry: ComponentRegistry, context: ExchangeContext) {
    const checked = sampleOptionsSchema.safeParse(context.options ?? {})
    if (!checked.success)
      throw new ConfigurationException({
        exchange,
        message: `The options of ${exchange} are not right. Correct the values named.`,
        problems: checked.error.issues.map(({ path, message }) => ({
          path: ['exchanges', exchange, ...path].join('.'),
          message,
        })),
      })
    super(exchange, registry, context)
  }
}
