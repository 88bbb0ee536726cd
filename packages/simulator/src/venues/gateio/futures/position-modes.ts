import type { PerpetualMarket } from '../../../perpetuals/perpetual-market.js'
import { FuturesRefusal } from '../gateio-refusal.js'

/** Which accounts hold long and short apart. Such an account can be looked at, but trades nothing here. */
export class PositionModes {
  private readonly dual = new Set<string>()

  constructor(private readonly market: PerpetualMarket) {}

  isDual(accountId: string): boolean {
    return this.dual.has(accountId)
  }

  /** @throws {@link FuturesRefusal} when nothing would change, or an order or position is in the way. */
  set(accountId: string, dual: boolean): void {
    if (this.isDual(accountId) === dual) throw new FuturesRefusal(400, 'NO_CHANGE')
    const { core, positions } = this.market
    if (core.openOrders(accountId).length > 0) throw new FuturesRefusal(400, 'ORDER_PENDING')
    if (positions.of(accountId).some(({ lots }) => lots !== 0)) throw new FuturesRefusal(400, 'POSITION_HOLDING')
    if (dual) this.dual.add(accountId)
    else this.dual.delete(accountId)
  }
}
