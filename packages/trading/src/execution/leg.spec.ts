import {
  asClientOrderId,
  asCorrelationId,
  asExchangeOrderId,
  asFillId,
  Decimal,
  type Fill,
  type LimitOrderRequest,
  type OrderStatus,
  type OrderUpdate,
} from '@cex-arbitrage/common'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createTestInstrument } from '../testing/create-instrument.js'
import type { LegEvidence } from './leg-evidence.js'
import { Leg } from './leg.js'

const instrument = createTestInstrument()
const request: LimitOrderRequest = {
  instrument,
  clientOrderId: asClientOrderId('arb1'),
  correlationId: asCorrelationId('c1'),
  type: 'limit',
  side: 'buy',
  priceTicks: 10_000,
  quantityLots: 10,
  execution: { timeInForce: 'ioc' },
}
const orderId = asExchangeOrderId('x1')
const lots = (count: number): Decimal => instrument.lotsToQuantity(count)

const fill = (id: number, quantityLots: number): LegEvidence => {
  const value: Fill = {
    fillId: asFillId(`f${id}`),
    instrumentId: instrument.id,
    exchangeOrderId: orderId,
    clientOrderId: request.clientOrderId,
    side: 'buy',
    price: Decimal.of(100),
    quantity: lots(quantityLots),
    fee: Decimal.of(1, 3),
    feeAsset: instrument.quote,
    role: 'taker',
    exchangeTimeMs: 0,
  }
  return { kind: 'fill', fill: value }
}

const update = (status: OrderStatus, filledLots = 0): LegEvidence => {
  const value: OrderUpdate = {
    instrumentId: instrument.id,
    clientOrderId: request.clientOrderId,
    exchangeOrderId: orderId,
    side: 'buy',
    status,
    quantity: lots(10),
    price: Decimal.of(100),
    filledQuantity: lots(filledLots),
    filledNotional: lots(filledLots).times(Decimal.of(100)),
    exchangeTimeMs: 0,
    reason: undefined,
  }
  return { kind: 'update', update: value }
}

const sent: LegEvidence = { kind: 'sent', attempt: 1, atMs: 5 }
const acknowledged: LegEvidence = { kind: 'acknowledged', exchangeOrderId: orderId }
const refused: LegEvidence = { kind: 'refused', code: 'ORDER_REJECTED', message: 'no' }
const unanswered: LegEvidence = { kind: 'unanswered', code: 'ORDER_OUTCOME_UNKNOWN' }

function legAfter(...evidence: readonly LegEvidence[]): Leg {
  const leg = new Leg(request, 'leg', 0)
  for (const piece of evidence) leg.apply(piece)
  return leg
}

const summary = (leg: Leg): unknown => ({
  state: leg.state,
  settled: leg.settled,
  filled: leg.filledQuantity.toString(),
  notional: leg.filledNotional.toString(),
  outstanding: leg.outstandingQuantity.toString(),
  fees: leg.fees.map(({ asset, amount }) => `${asset} ${amount.toString()}`),
  id: leg.exchangeOrderId,
})

describe('Leg', () => {
  it('goes from planned to filled by the states of the design', () => {
    const leg = new Leg(request, 'leg', 0)
    const states = [leg.state]
    leg.markJournaled()
    states.push(leg.state)
    for (const piece of [sent, acknowledged, fill(1, 4), fill(2, 6)]) {
      leg.apply(piece)
      states.push(leg.state)
    }
    expect(states).toEqual(['planned', 'journaled', 'sent', 'acknowledged', 'partially_filled', 'filled'])
    expect(leg.settled).toBe(true)
  })

  it('is unknown, with everything outstanding, when nothing proves what became of it', () => {
    const leg = legAfter(sent, unanswered)
    expect(leg.state).toBe('unknown')
    expect(leg.outstandingQuantity.equals(lots(10))).toBe(true)
    expect(leg.settled).toBe(false)
  })

  it('believes any sign of life over a missing answer, an absence and a refusal', () => {
    for (const sign of [acknowledged, update('open'), fill(1, 1)]) {
      expect(legAfter(sent, unanswered, sign).state).not.toBe('unknown')
      expect(legAfter(sent, unanswered, { kind: 'absent' }, sign).state).not.toBe('rejected')
      expect(legAfter(sent, refused, sign).state).not.toBe('rejected')
    }
  })

  it('is rejected by a refusal, by an absence, and by the exchange after an acknowledgement', () => {
    expect(legAfter(sent, refused).state).toBe('rejected')
    expect(legAfter(sent, unanswered, { kind: 'absent' }).state).toBe('rejected')
    expect(legAfter(sent, acknowledged, update('rejected')).state).toBe('rejected')
    expect(legAfter(sent, acknowledged, update('rejected'), fill(1, 2)).state).toBe('cancelled')
    expect(legAfter(sent, refused).outstandingQuantity.isZero).toBe(true)
  })

  it('is not settled when it was cancelled with fills that have not been seen', () => {
    const leg = legAfter(sent, update('cancelled', 4), fill(1, 3))
    expect(leg.state).toBe('cancelled')
    expect(leg.settled).toBe(false)
    expect(leg.outstandingQuantity.equals(lots(1))).toBe(true)
    leg.apply(fill(2, 1))
    expect(leg.settled).toBe(true)
  })

  it('counts a fill that comes after the cancel', () => {
    const leg = legAfter(sent, acknowledged, { kind: 'cancel_requested' }, update('cancelled'), fill(1, 10))
    expect(leg.state).toBe('filled')
    expect(leg.filledQuantity.equals(lots(10))).toBe(true)
  })

  it('still may fill while only a cancel has been asked for', () => {
    const leg = legAfter(sent, acknowledged, { kind: 'cancel_requested' })
    expect(leg.state).toBe('cancel_requested')
    expect(leg.outstandingQuantity.equals(lots(10))).toBe(true)
  })

  it('ends cancelled when it vanishes, and asks by the exchange order id once it is known', () => {
    expect(legAfter(sent, acknowledged, { kind: 'vanished' }).state).toBe('cancelled')
    expect(legAfter(sent).reference).toMatchObject({ instrument, clientOrderId: 'arb1' })
    expect(legAfter(sent, acknowledged).reference).toMatchObject({ exchangeOrderId: orderId })
  })

  it('learns nothing from the same evidence twice', () => {
    const all = [
      sent,
      acknowledged,
      refused,
      unanswered,
      { kind: 'cancel_requested' },
      { kind: 'absent' },
      { kind: 'vanished' },
      update('cancelled', 3),
      fill(1, 3),
    ] as const
    const leg = new Leg(request, 'leg', 0)
    for (const piece of all) {
      leg.apply(piece)
      expect(leg.apply(piece), piece.kind).toBe(false)
    }
  })

  it('comes to the same end whatever the order of the evidence and however often each piece comes', () => {
    const pieces: readonly LegEvidence[] = [
      sent,
      { kind: 'sent', attempt: 2, atMs: 9 },
      acknowledged,
      refused,
      unanswered,
      { kind: 'cancel_requested' },
      { kind: 'absent' },
      { kind: 'vanished' },
      update('open'),
      update('partially_filled', 3),
      update('partially_filled', 5),
      update('cancelled', 5),
      update('rejected'),
      update('filled', 10),
      fill(1, 3),
      fill(2, 2),
      fill(3, 5),
    ]
    const subset = fc.subarray([...pieces], { minLength: 1 })
    const histories = subset.chain((chosen) =>
      fc.tuple(
        fc.shuffledSubarray([...chosen, ...chosen], { minLength: 2 * chosen.length, maxLength: 2 * chosen.length }),
        fc.shuffledSubarray(chosen, { minLength: chosen.length, maxLength: chosen.length }),
      ),
    )
    fc.assert(
      fc.property(histories, ([twice, once]) => {
        expect(summary(legAfter(...twice))).toEqual(summary(legAfter(...once)))
      }),
      { numRuns: 500 },
    )
  })
})
