import { signed } from './format-amount.js'
import type { Palette } from './format-status.js'
import type { TradeStatus } from './status-snapshot.js'

const names: Readonly<Record<string, string>> = { partialFill: 'partial fill' }

/** Why a trade brought more or less than expected: every part of the difference that is not zero. */
export function formatAttribution(trade: TradeStatus, colour: Palette): string {
  const parts = Object.entries(trade.attribution)
    .filter(([, amount]) => amount !== '0')
    .map(([part, amount]) => `${names[part] ?? part} ${signed(amount)}`)
  return colour.dim(`  ${signed(trade.difference)} against expectation: ${parts.join(', ') || 'nothing differed'}`)
}
