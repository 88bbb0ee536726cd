import { Decimal } from '@cex-arbitrage/common'
import { HummingbotValidationException } from '../client/hummingbot-exception.js'
import type { HummingbotApiTradingRule } from './api-schemas.js'

/**
 * Checks an order against its connector's rules, as far as they are known.
 *
 * @throws {@link HummingbotValidationException} The first rule broken.
 */
export function assertTradingRule(
  order: { readonly amount: string; readonly price?: string | number | null; readonly trading_pair: string },
  rule: HummingbotApiTradingRule,
): void {
  const amount = Decimal.parse(order.amount)
  const price = typeof order.price === 'string' ? Decimal.parse(order.price) : undefined
  const { trading_pair: pair } = order
  const minSize = readLimit(rule.min_order_size)
  if (minSize !== undefined && amount.lessThan(minSize))
    fail(`Order amount ${order.amount} is below minimum order size ${minSize.toString()} for ${pair}`)
  const maxSize = readLimit(rule.max_order_size)
  if (maxSize !== undefined && amount.greaterThan(maxSize))
    fail(`Order amount ${order.amount} is above maximum order size ${maxSize.toString()} for ${pair}`)
  assertStep('amount', amount, readLimit(rule.min_base_amount_increment), pair)
  if (price === undefined) return
  assertStep('price', price, readLimit(rule.min_price_increment), pair)
  const minNotional = readLimit(rule.min_notional_size)
  const notional = price.times(amount)
  if (minNotional !== undefined && notional.lessThan(minNotional))
    fail(
      `Order notional value ${notional.toString()} is below minimum notional size ${minNotional.toString()} for ${pair}`,
    )
}

/** The server writes 0 where there is no limit. */
function readLimit(text: string | null): Decimal | undefined {
  const limit = text === null ? undefined : Decimal.tryParse(text)
  return limit === undefined || limit.sign <= 0 ? undefined : limit
}

function assertStep(name: string, value: Decimal, step: Decimal | undefined, pair: string): void {
  if (step === undefined || value.toMultipleOf(step, 'down').equals(value)) return
  fail(`Order ${name} ${value.toString()} is no multiple of ${step.toString()} for ${pair}`)
}

function fail(message: string): never {
  throw new HummingbotValidationException(message)
}
