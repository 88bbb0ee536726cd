import { InvariantBrokenException, silentLogger, type RiskApproved } from '@cex-arbitrage/common'
import { expect, it } from 'vitest'
import { createTradingWorld } from '../testing/create-trading-world.js'
import { Portfolio } from '../portfolio/portfolio.js'
import { KillSwitch } from '../risk/kill-switch.js'
import { defaultExecutionSettings } from './execution-settings.js'
import { MemoryJournal } from './memory-journal.js'
import { OrderDesk } from './order-desk.js'
import { OrderSubmitter } from './order-submitter.js'
import { VenueDirectory } from './venue-directory.js'

it('sends no order whose intent is not in the journal, and none under the permit of another (S1)', async () => {
  const { clock, alpha, instrumentOf } = createTradingWorld()
  const venues = new VenueDirectory([alpha.venue])
  const [portfolio, journal, logger] = [new Portfolio(clock), new MemoryJournal(), silentLogger]
  const halt = new KillSwitch(clock, logger)
  const desk = new OrderDesk({ venues, portfolio, halt, journal, clock, logger, idPrefix: 'arb' })
  const submitter = new OrderSubmitter({ venues, desk, clock, logger, settings: defaultExecutionSettings })
  const tracked = desk.open(
    {
      instrument: instrumentOf(alpha),
      clientOrderId: 'arb1' as never,
      correlationId: 'c1' as never,
      type: 'limit',
      side: 'buy',
      priceTicks: 10_000,
      quantityLots: 10_000,
      execution: { timeInForce: 'ioc' },
    },
    'leg',
  )
  const permit = tracked.leg.request as RiskApproved<typeof tracked.leg.request>
  await expect(submitter.submit(tracked, permit, 'open')).rejects.toBeInstanceOf(InvariantBrokenException)
  tracked.leg.markJournaled()
  const other = { ...permit, clientOrderId: 'arb2' as never }
  await expect(submitter.submit(tracked, other, 'open')).rejects.toBeInstanceOf(InvariantBrokenException)
  expect(alpha.orders.submitted).toEqual([])
  await submitter.submit(tracked, permit, 'open')
  expect(alpha.orders.submitted).toEqual(['arb1'])
})
