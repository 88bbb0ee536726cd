import type { Instrument, InstrumentId } from '@cex-arbitrage/common'
import type { FundingPaymentQuery, PositionDesk } from '../../../interfaces/position-desk.js'
import type { FundingPayment } from '../../../structs/funding.js'
import type { Position } from '../../../structs/position.js'
import { accountPageRows, longestQueryMs } from './constants.js'
import { assertOneWay, createFlatPosition, mapFundingPayment, mapPosition } from './position-mapper.js'
import type { MexcFuturesRestClient } from './rest-client.js'

const isolated = 1
const bothSides = [1, 2] as const

/** The leverage that orders name, by contract: each order has to carry it, and a position goes with one alone. */
export class MexcLeverages {
  private readonly known = new Map<InstrumentId, number>()

  /** What was set, or what a position was seen to have; else 1, which borrows nothing. */
  get({ id }: Instrument): number {
    return this.known.get(id) ?? 1
  }

  set({ id }: Instrument, leverage: number): void {
    this.known.set(id, leverage)
  }
}

/** Positions in contracts, and what funding has cost. */
export class MexcPositionDesk implements PositionDesk {
  constructor(
    private readonly rest: MexcFuturesRestClient,
    private readonly leverages: MexcLeverages,
  ) {}

  async fetchPositions(instruments: readonly Instrument[]): Promise<readonly Position[]> {
    assertOneWay(await this.rest.getPositionMode())
    return Promise.all(instruments.map((instrument) => this.fetchPosition(instrument)))
  }

  /** A position has the leverage that it was opened with, which is changed by its id; else each side has one. */
  async setLeverage(instrument: Instrument, leverage: number): Promise<void> {
    const symbol = instrument.exchangeSymbol
    const [held] = await this.rest.getPositions(symbol)
    if (held !== undefined) await this.rest.postLeverage({ positionId: held.positionId, leverage })
    else
      for (const positionType of bothSides)
        await this.rest.postLeverage({ symbol, leverage, openType: isolated, positionType })
    this.leverages.set(instrument, leverage)
  }

  async fetchFundingPayments({ instrument, fromMs }: FundingPaymentQuery): Promise<readonly FundingPayment[]> {
    const payments = new Map<string, FundingPayment>()
    const nowMs = this.rest.serverClock.nowMs()
    const start = Math.max(fromMs, nowMs - longestQueryMs)
    for (const side of bothSides)
      for (let page = 1; ; page++) {
        const rows = await this.rest.getFundingRecords({
          symbol: instrument.exchangeSymbol,
          position_type: side,
          start_time: Math.floor(start),
          end_time: Math.ceil(nowMs),
          page_num: page,
        })
        for (const row of rows) payments.set(row.id, mapFundingPayment(row, instrument))
        if (rows.length < accountPageRows) break
      }
    return [...payments.values()].filter(({ atMs }) => atMs >= fromMs).toSorted((a, b) => a.atMs - b.atMs)
  }

  private async fetchPosition(instrument: Instrument): Promise<Position> {
    const symbol = instrument.exchangeSymbol
    const [[held], { fairPrice }] = await Promise.all([this.rest.getPositions(symbol), this.rest.getTicker(symbol)])
    if (held === undefined) return createFlatPosition(instrument, this.leverages.get(instrument))
    this.leverages.set(instrument, held.leverage)
    return mapPosition(held, instrument, fairPrice)
  }
}
