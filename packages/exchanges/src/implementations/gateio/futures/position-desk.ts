import { ExchangeException, OrderNotFoundException, msPerSecond, type Instrument } from '@cex-arbitrage/common'
import type { FundingPaymentQuery, PositionDesk } from '../../../interfaces/position-desk.js'
import type { FundingPayment } from '../../../structs/funding.js'
import type { Position } from '../../../structs/position.js'
import { accountPageRows } from './constants.js'
import { createFlatPosition, createTwoWayRefusal, mapFundingPayment, mapPosition } from './position-mapper.js'
import type { GateioFuturesRestClient } from './rest-client.js'

/** Positions in contracts settled in USDT, and what funding has cost. */
export class GateioPositionDesk implements PositionDesk {
  constructor(private readonly rest: GateioFuturesRestClient) {}

  fetchPositions(instruments: readonly Instrument[]): Promise<readonly Position[]> {
    return Promise.all(instruments.map((instrument) => this.fetchPosition(instrument)))
  }

  async setLeverage(instrument: Instrument, leverage: number): Promise<void> {
    await this.rest.postLeverage(instrument.exchangeSymbol, leverage)
  }

  async fetchFundingPayments({ instrument, fromMs }: FundingPaymentQuery): Promise<readonly FundingPayment[]> {
    const payments = new Map<string, FundingPayment>()
    for (let offset = 0; ; offset += accountPageRows) {
      const rows = await this.rest.getAccountBook({
        contract: instrument.exchangeSymbol,
        type: 'fund',
        from: Math.floor(fromMs / msPerSecond),
        limit: accountPageRows,
        offset,
      })
      for (const row of rows.filter(({ type }) => type === 'fund')) {
        const payment = mapFundingPayment(row, instrument)
        payments.set(payment.id, payment)
      }
      if (rows.length < accountPageRows) break
    }
    return [...payments.values()].filter(({ atMs }) => atMs >= fromMs).toSorted((a, b) => a.atMs - b.atMs)
  }

  private async fetchPosition(instrument: Instrument): Promise<Position> {
    try {
      return mapPosition(await this.rest.getPosition(instrument.exchangeSymbol), instrument)
    } catch (error) {
      if (error instanceof OrderNotFoundException) return createFlatPosition(instrument)
      if (error instanceof ExchangeException && error.exchangeCode === 'POSITION_DUAL_MODE')
        throw createTwoWayRefusal('dual')
      throw error
    }
  }
}
