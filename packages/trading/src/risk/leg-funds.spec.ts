import { asCorrelationId } from '@cex-arbitrage/common'
import { expect, it } from 'vitest'
import { sizeCycle } from '../sizing/size-cycle.js'
import { createTriangularPlan } from '../strategies/triangular-plan.js'
import { createCycleRequest } from '../testing/cycle-sizing-world.js'
import { FixedAccountView } from '../testing/fixed-account-view.js'
import type { LegPlan, LegSending } from '../types/trade-plan.js'
import { balanceRefusal } from './leg-funds.js'
import type { RiskGateDependencies } from './risk-gate-dependencies.js'

function planCycle(): readonly LegPlan[] {
  const request = createCycleRequest({ sending: 'sequential' })
  const cycle = sizeCycle(request)
  if (typeof cycle === 'string') throw new Error(cycle)
  const decision = { strategy: 's', correlationId: asCorrelationId('c'), quoteAgeUs: 0, decidedAtUs: 0 } as const
  return createTriangularPlan({ ...decision, terms: request.terms, cycle, sending: 'sequential' }).legs
}

const causeOf = (legs: readonly LegPlan[], sending: LegSending, balances: Readonly<Record<string, string>>) =>
  balanceRefusal({ account: new FixedAccountView(balances) } as unknown as RiskGateDependencies, legs, sending)?.cause

it('lets a leg that waits spend what those before have brought, and no more', () => {
  const legs = planCycle()
  expect(causeOf(legs, 'sequential', { 'alpha:USDT': '100000' })).toBeUndefined()
  expect(causeOf(legs, 'concurrent', { 'alpha:USDT': '100000' })).toBe('balance')
  expect(causeOf(legs, 'concurrent', { 'alpha:USDT': '100000', 'alpha:BTC': '10', 'alpha:ETH': '10' })).toBeUndefined()
  expect(causeOf(legs, 'sequential', { 'alpha:USDT': '10' })).toBe('balance')
  const [opening, cross, closing] = legs
  const larger = { ...cross!, quantityLots: cross!.quantityLots + 1_000, expectedNotional: cross!.expectedNotional }
  expect(causeOf([opening!, larger, closing!], 'sequential', { 'alpha:USDT': '100000' })).toBe('balance')
})
