import { ConfigurationException, type ExchangeId } from '@cex-arbitrage/common'
import { BaseExchangeFactory } from '../../factory/base-exchange-factory.js'
import type { ComponentRegistry } from '../../factory/component-registry.js'
import type { ExchangeContext } from '../../factory/exchange-context.js'
import { gateioOptionsSchema } from './schemas.js'

/** Assembles Gate.io's parts, after its options have been found right. */
export class GateioExchangeFactory extends BaseExchangeFactory {
  /** @throws {@link ConfigurationException} An option is wrong; all of them are named. */
  constructor(exchange: ExchangeId, registry: ComponentRegistry, context: ExchangeContext) {
    const checked = gateioOptionsSchema.safeParse(context.options ?? {})
    if (!checked.success)
      throw new ConfigurationException({
        exchange,
        message: 'The options of gateio are not right. Correct the values named.',
        problems: checked.error.issues.map(({ path, message }) => ({
          path: ['exchanges', exchange, ...path].join('.'),
          message,
        })),
      })
    super(exchange, registry, context)
  }
}
