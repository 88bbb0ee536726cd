import { describeStoredRoute, type StoredTrade } from '@cex-arbitrage/arbitrage-runner/history-model'
import { formatMicroseconds, formatSigned, formatTime, signOf } from '../../model/format.js'
import { toneClass } from '../summary.js'
import { TradeParts } from '../trade-parts.js'
import { useHistory } from './use-history.js'

export interface HistoryTradeRowsProps {
  readonly trade: StoredTrade
  readonly open: boolean
  readonly toggle: () => void
}

/** One stored trade; opened, with its orders, fills and what made the difference. */
export function HistoryTradeRows({ trade, open, toggle }: HistoryTradeRowsProps) {
  const { startedAtMs, strategy, symbol, legs, outcome, expectedProfit, realisedProfit, durationUs } = trade
  return (
    <>
      <tr class="trade">
        <th scope="row" data-label="Began">
          <button type="button" class="disclose" aria-expanded={open} onClick={toggle}>
            {new Date(startedAtMs).toISOString().slice(5, 10)} {formatTime(startedAtMs)}
            <span class="unseen"> details of {symbol}</span>
          </button>
        </th>
        <td data-label="Strategy">{strategy}</td>
        <td data-label="Symbol">{symbol}</td>
        <td data-label="Route">{describeStoredRoute(legs)}</td>
        <td data-label="End">
          <span class={`end end-${outcome ?? 'open'}`}>{outcome ?? 'open'}</span>
        </td>
        <td data-label="Expected" class="number">
          {formatSigned(expectedProfit)}
        </td>
        <td data-label="Realised" class={`number ${realisedProfit === null ? '' : toneClass(signOf(realisedProfit))}`}>
          {realisedProfit === null ? '–' : formatSigned(realisedProfit)}
        </td>
        <td data-label="Took" class="number">
          {durationUs === null ? '–' : formatMicroseconds(durationUs)}
        </td>
      </tr>
      {open && (
        <tr class="details">
          <td colSpan={8}>
            <StoredParts trade={trade} />
          </td>
        </tr>
      )}
    </>
  )
}

function StoredParts({ trade }: { readonly trade: StoredTrade }) {
  const { rows, problem } = useHistory(`${trade.journal} ${trade.correlationId}`, (history, signal) =>
    history.trade(trade, signal),
  )
  if (problem !== undefined) return <p class="empty">{problem}</p>
  if (rows === undefined) return <p class="empty">Asking …</p>
  return (
    <>
      <ul class="orders">
        {rows.orders.map(({ clientOrderId, role, side, filledQuantity, quantity, price, instrumentId, state }) => (
          <li key={clientOrderId}>
            {role === 'leg' ? '' : `${role}: `}
            {side} {filledQuantity} of {quantity} {instrumentId} at {price} or better, {state}
          </li>
        ))}
        {rows.fills.map(({ fillId, instrumentId, side, quantity, price, fee, feeAsset, role }) => (
          <li key={`${instrumentId} ${fillId}`}>
            fill: {side} {quantity} {instrumentId} at {price}, fee {fee} {feeAsset} as {role}
          </li>
        ))}
        {rows.residuals.map(({ exchange, asset, amount }) => (
          <li key={`${exchange} ${asset}`}>
            left over: {amount} {asset} on {exchange}
          </li>
        ))}
      </ul>
      <TradeParts {...trade} attribution={trade.attribution === null ? {} : { ...trade.attribution }} />
    </>
  )
}
