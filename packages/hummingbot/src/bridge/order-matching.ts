import { Decimal } from '@cex-arbitrage/common'
import { CLOCK_TOLERANCE_MS } from './bridge-constants.js'
import type { OrderRecord } from './order-record.js'
import type { UpstreamApi } from './upstream-api.js'
import type { OrderItem } from './upstream-schemas.js'
import { decimalOf, secondsOf } from './upstream-values.js'

/** Steps of an exchange; `undefined` where they are not known. */
export interface Steps {
  readonly price: Decimal | undefined
  readonly amount: Decimal | undefined
}

const noSteps: Steps = { price: undefined, amount: undefined }

/** Asks for an exchange's steps once; without an answer there are none. */
export class StepCache {
  private readonly known = new Map<string, Steps>()

  constructor(private readonly api: Pick<UpstreamApi, 'fetchSteps'>) {}

  async stepsOf({ connectorName, pair }: OrderRecord): Promise<Steps> {
    const key = `${connectorName} ${pair}`
    const known = this.known.get(key)
    if (known !== undefined) return known
    try {
      const rules = await this.api.fetchSteps(connectorName, pair)
      const steps = { price: stepOf(rules?.min_price_increment), amount: stepOf(rules?.min_base_amount_increment) }
      this.known.set(key, steps)
      return steps
    } catch {
      return noSteps
    }
  }
}

/** Whether a row can be the order of a record: same terms after rounding down, made since it was sent. */
export function canBe(record: OrderRecord, item: OrderItem, steps: Steps): boolean {
  if (item.trading_pair !== record.pair || item.trade_type !== record.side.toUpperCase()) return false
  const isMarket = item.order_type === 'MARKET'
  if (isMarket !== (record.orderType === 'market')) return false
  const createdAtS = secondsOf(item.created_at)
  if (createdAtS === undefined || createdAtS * 1000 < record.sentAtMs - CLOCK_TOLERANCE_MS) return false
  if (!isSame(record.amount, item.amount, steps.amount)) return false
  return isMarket || isSame(record.price ?? '0', item.price, steps.price)
}

/** Whether two orders of ours ask for the same, so that a row could be either. */
export const isTwin = (a: OrderRecord, b: OrderRecord): boolean =>
  a !== b &&
  a.accountName === b.accountName &&
  a.connectorName === b.connectorName &&
  a.pair === b.pair &&
  a.side === b.side &&
  a.orderType === b.orderType &&
  Decimal.parse(a.amount).equals(Decimal.parse(b.amount)) &&
  Decimal.parse(a.price ?? '0').equals(Decimal.parse(b.price ?? '0'))

function isSame(asked: string, told: OrderItem['amount'], step: Decimal | undefined): boolean {
  const exact = Decimal.parse(asked)
  const found = Decimal.parse(decimalOf(told))
  return found.equals(exact) || (step !== undefined && found.equals(exact.toMultipleOf(step, 'down')))
}

function stepOf(value: number | string | null | undefined): Decimal | undefined {
  const step = Decimal.parse(decimalOf(value))
  return step.sign > 0 ? step : undefined
}
