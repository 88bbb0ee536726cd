import type { TradeStatus } from '@cex-arbitrage/arbitrage-runner/live-model'
import { useState } from 'preact/hooks'
import { formatSigned, formatTime, signOf } from '../model/format.js'
import { Panel } from './panel.js'
import { useLive } from './services.js'
import { toneClass } from './summary.js'
import { TradeParts } from './trade-parts.js'

const shownTrades = 40

/** Ended trades, the newest first, with what was expected and what came of it. */
export function TradesPanel() {
  const trades = useLive((state) => state.trades)
  const [open, setOpen] = useState<string | undefined>(undefined)
  return (
    <Panel id="trades" title="Trades" className="trades" aside={<span class="hint">expected and realised</span>}>
      <div class="scroll" tabIndex={0} role="group" aria-labelledby="trades">
        <table class="stacked">
          <caption class="unseen">Ended trades, the newest first</caption>
          <thead>
            <tr>
              <th scope="col">Time, UTC</th>
              <th scope="col">Symbol</th>
              <th scope="col">Route</th>
              <th scope="col" class="number">
                Quantity
              </th>
              <th scope="col">End</th>
              <th scope="col" class="number">
                Expected
              </th>
              <th scope="col" class="number">
                Realised
              </th>
              <th scope="col" class="number">
                Took
              </th>
            </tr>
          </thead>
          <tbody data-testid="trades">
            {trades.slice(0, shownTrades).map((trade) => (
              <TradeRows
                key={trade.correlationId}
                trade={trade}
                open={open === trade.correlationId}
                toggle={() => setOpen(open === trade.correlationId ? undefined : trade.correlationId)}
              />
            ))}
            {trades.length === 0 && (
              <tr>
                <td colSpan={8} class="empty">
                  No trade yet.
                </td>
              </tr>
            )}
          </tbody>
        </table>
      </div>
    </Panel>
  )
}

interface TradeRowsProps {
  readonly trade: TradeStatus
  readonly open: boolean
  readonly toggle: () => void
}

function TradeRows({ trade, open, toggle }: TradeRowsProps) {
  const { realisedProfit, expectedProfit } = trade
  return (
    <>
      <tr class="trade">
        <th scope="row" data-label="Time">
          <button type="button" class="disclose" aria-expanded={open} onClick={toggle}>
            {formatTime(trade.atMs)}
            <span class="unseen"> details of {trade.symbol}</span>
          </button>
        </th>
        <td data-label="Symbol">{trade.symbol}</td>
        <td data-label="Route">{trade.route}</td>
        <td data-label="Quantity" class="number">
          {trade.quantity}
        </td>
        <td data-label="End">
          <span class={`end end-${trade.end}`}>{trade.end}</span>
        </td>
        <td data-label="Expected" class="number">
          {formatSigned(expectedProfit)}
        </td>
        <td data-label="Realised" class={`number ${toneClass(signOf(realisedProfit))}`}>
          {formatSigned(realisedProfit)}
        </td>
        <td data-label="Took" class="number">
          {trade.durationMs.toFixed(0)} ms
        </td>
      </tr>
      {open && (
        <tr class="details">
          <td colSpan={8}>
            <ul class="orders">
              {trade.orders.map((order, index) => (
                <li key={index}>
                  {order.role === 'leg' ? '' : `${order.role}: `}
                  {order.side} {order.filledQuantity} {order.symbol}
                  {order.averagePrice !== undefined && ` at ${order.averagePrice}`} on {order.exchange}
                  {order.marketType === 'spot' ? '' : ` ${order.marketType}`}, {order.state}
                </li>
              ))}
            </ul>
            <TradeParts {...trade} />
          </td>
        </tr>
      )}
    </>
  )
}
