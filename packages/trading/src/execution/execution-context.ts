import type { Clock, IdSource, Logger, Random } from '@cex-arbitrage/common'
import type { AssetValuation } from '../portfolio/attribute-profit.js'
import type { Portfolio } from '../portfolio/portfolio.js'
import type { ExecutableQuotes } from '../types/executable-quotes.js'
import type { TradingHalt } from '../types/halt.js'
import type { HedgeApprover } from '../types/hedge-approver.js'
import type { Journal } from '../types/journal.js'
import type { ExecutionRecord } from './execution-record.js'
import type { ExecutionSettings } from './execution-settings.js'
import type { LegReconciler } from './leg-reconciler.js'
import type { OrderDesk } from './order-desk.js'
import type { OrderSubmitter } from './order-submitter.js'
import type { VenueDirectory } from './venue-directory.js'

/** The parts that the trades of one executor share. */
export interface ExecutionContext {
  readonly venues: VenueDirectory
  readonly portfolio: Portfolio
  readonly journal: Journal<ExecutionRecord>
  readonly desk: OrderDesk
  readonly submitter: OrderSubmitter
  readonly reconciler: LegReconciler
  readonly approver: HedgeApprover
  readonly quotes: ExecutableQuotes
  readonly valuation: (profitAsset: Parameters<AssetValuation>[0]) => AssetValuation
  readonly halt: TradingHalt
  readonly clock: Clock
  readonly random: Random
  readonly ids: IdSource
  readonly logger: Logger
  readonly settings: ExecutionSettings
}
