import { Decimal, type AssetId, type Instrument, type InstrumentId } from '@cex-arbitrage/common'
import type { Position } from '@cex-arbitrage/exchanges'
import { accountOf, type AccountId } from '../types/account-id.js'
import type { PositionView } from '../types/position-view.js'
import { positionAccountOf, positionIn } from './fill-entries.js'
import type { Ledger, LedgerAccount } from './ledger.js'

/** Places of ratios. */
const ratioDecimals = 8

/** A position in a perpetual contract, for displays and proofs. */
export interface HeldPosition {
  readonly instrument: Instrument
  /** Negative when short. */
  readonly base: Decimal
  readonly contracts: Decimal
  /** Average, in quote per base. */
  readonly entryPrice: Decimal
  /** Of the instrument since the ledger was opened, in quote; positive when received. */
  readonly funding: Decimal
  /** As the exchange told last. */
  readonly margin: Decimal | undefined
  readonly liquidationPrice: Decimal | undefined
}

/** Positions as the ledger has them, with what exchanges have told of their margin. */
export class Positions implements PositionView {
  private readonly leverages = new Map<InstrumentId, { readonly instrument: Instrument; readonly leverage: Decimal }>()
  private readonly accounts = new Map<InstrumentId, LedgerAccount>()
  private readonly told = new Map<InstrumentId, Position>()

  constructor(private readonly ledger: Ledger) {}

  /** Asked at every change of a book, so nothing is made for an answer. */
  baseOf(instrument: Instrument): Decimal {
    let account = this.accounts.get(instrument.id)
    if (account === undefined) this.accounts.set(instrument.id, (account = positionAccountOf(instrument)))
    return this.ledger.balance(account, instrument.base)
  }

  leverageOf({ id }: Instrument): Decimal {
    return this.leverages.get(id)?.leverage ?? Decimal.one
  }

  /** What the exchange is to have; `undefined` for a contract that we leave alone. */
  chosenLeverage({ id }: Instrument): number | undefined {
    return this.leverages.get(id)?.leverage.toNumber()
  }

  setLeverage(instrument: Instrument, leverage: number): void {
    this.leverages.set(instrument.id, { instrument, leverage: Decimal.fromNumber(leverage) })
  }

  /** Margin that positions of the account bind, by what they have cost; in `asset`. */
  bound(account: AccountId, asset: AssetId): Decimal {
    let sum = Decimal.zero
    for (const { instrument, leverage } of this.leverages.values()) {
      if (instrument.quote !== asset || accountOf(instrument) !== account) continue
      sum = sum.plus(positionIn(this.ledger, instrument).quote.abs().dividedBy(leverage, ratioDecimals, 'up'))
    }
    return sum
  }

  /** What the exchange says of a position; its quantity is judged elsewhere. */
  onPosition(position: Position): void {
    this.told.set(position.instrument.id, position)
  }

  marginLeft(instrument: Instrument, price: Decimal): Decimal | undefined {
    const { base, quote } = positionIn(this.ledger, instrument)
    const margin = this.told.get(instrument.id)?.margin
    if (base.isZero || margin === undefined || margin.sign <= 0) return undefined
    return margin.plus(base.times(price)).plus(quote).dividedBy(margin, ratioDecimals, 'down')
  }

  /** Of these instruments, those that are not flat. */
  held(instruments: readonly Instrument[]): readonly HeldPosition[] {
    return instruments.flatMap((instrument) => {
      const { base, quote } = positionIn(this.ledger, instrument)
      if (base.isZero) return []
      const told = this.told.get(instrument.id)
      return [
        {
          instrument,
          base,
          contracts: base.dividedBy(instrument.contractSize, instrument.quantityDecimals, 'down'),
          entryPrice: quote.negated().dividedBy(base, instrument.priceDecimals + ratioDecimals, 'down'),
          funding: this.ledger.balance(fundingAccountOf(instrument), instrument.quote).negated(),
          margin: told?.margin,
          liquidationPrice: told?.liquidationPrice,
        },
      ]
    })
  }
}

/** The other side of what a contract's funding has paid. */
export const fundingAccountOf = ({ id }: Instrument) => `funding:${id}` as const
