import { Decimal } from '@cex-arbitrage/common'

import type { Account } from '../../accounts/account-book.js'
import type { FeeAmount } from '../../accounts/order-funds.js'
import type { MxDeduction } from './venue-state.js'

const token = 'MX'
/** A fee in MX costs 20 % less. */
const discounted = Decimal.parse('0.8')
const feeDecimals = 18

/** Takes fees in MX where an account wants it and has enough; otherwise they stay in the quote asset. */
export class MxFeeDeduction implements MxDeduction {
  private readonly choices = new Map<string, boolean>()

  /** @param priceOf - Price of MX in an asset; `undefined` when there is none. */
  constructor(
    private readonly enabledByDefault: boolean,
    private readonly priceOf: (quote: string) => Decimal | undefined,
  ) {}

  isEnabled(account: Account): boolean {
    return this.choices.get(account.id) ?? this.enabledByDefault
  }

  setEnabled(account: Account, enabled: boolean): void {
    this.choices.set(account.id, enabled)
  }

  substitute(account: Account, due: FeeAmount): FeeAmount | undefined {
    if (!this.isEnabled(account) || due.asset === token) return undefined
    const price = this.priceOf(due.asset)
    if (price === undefined || price.isZero) return undefined
    const amount = due.amount.times(discounted).dividedBy(price, feeDecimals, 'up')
    return account.balance(token).free.lessThan(amount) ? undefined : { asset: token, amount }
  }
}
