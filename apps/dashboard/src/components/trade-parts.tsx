import { formatCause, formatSigned, signOf } from '../model/format.js'
import { toneClass } from './summary.js'

export interface TradePartsProps {
  readonly strategy: string
  readonly profitAsset: string
  readonly correlationId: string
  readonly attribution: Readonly<Record<string, string>>
}

/** What made the difference between expected and realised profit, and what the trade is found by. */
export function TradeParts({ strategy, profitAsset, correlationId, attribution }: TradePartsProps) {
  return (
    <dl>
      {Object.entries(attribution).map(([part, amount]) => (
        <div key={part}>
          <dt>{formatCause(part.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`))}</dt>
          <dd class={toneClass(signOf(amount))}>{formatSigned(amount, 8)}</dd>
        </div>
      ))}
      <div>
        <dt>in</dt>
        <dd>{profitAsset}</dd>
      </div>
      <div>
        <dt>strategy</dt>
        <dd>{strategy}</dd>
      </div>
      <div>
        <dt>correlation id</dt>
        <dd>
          <code>{correlationId}</code>
        </dd>
      </div>
    </dl>
  )
}
