import type { BookStatus, LevelStatus } from '@cex-arbitrage/arbitrage-runner/live-model'
import { useState } from 'preact/hooks'
import { formatAmount } from '../model/format.js'
import { Panel } from './panel.js'
import { useSection } from './services.js'

const noBooks: readonly BookStatus[] = []

/** The books of one symbol side by side, exchange by exchange. */
export function BooksPanel() {
  const books = useSection('books') ?? noBooks
  const symbols = [...new Set(books.map(({ symbol }) => symbol))]
  const [chosen, setChosen] = useState<string | undefined>(undefined)
  const symbol = chosen !== undefined && symbols.includes(chosen) ? chosen : symbols[0]
  const picker = (
    <label class="picker">
      <span class="unseen">Symbol of the books</span>
      <select value={symbol} onChange={({ currentTarget }) => setChosen(currentTarget.value)}>
        {symbols.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
  return (
    <Panel id="books" title="Books" className="books" aside={picker}>
      <div class="book-row">
        {books
          .filter((book) => book.symbol === symbol)
          .map((book) => (
            <Book key={book.instrumentId} book={book} />
          ))}
      </div>
    </Panel>
  )
}

function Book({ book }: { readonly book: BookStatus }) {
  const { exchange, marketType, distrust, bids, asks } = book
  const most = Math.max(...[...bids, ...asks].map(([, quantity]) => Number(quantity)), Number.MIN_VALUE)
  return (
    <table class="book">
      <caption>
        {exchange} {marketType !== 'spot' && <small>{marketType}</small>}{' '}
        {distrust === undefined ? (
          <span class="trusted">trusted</span>
        ) : (
          <span class="distrusted">quotes nothing: {distrust}</span>
        )}
      </caption>
      <thead>
        <tr>
          <th scope="col">Side</th>
          <th scope="col" class="number">
            Price
          </th>
          <th scope="col" class="number">
            Quantity
          </th>
        </tr>
      </thead>
      <tbody>
        {asks.map((level, rank) => <Level key={`ask ${rank}`} side="ask" level={level} most={most} />).toReversed()}
        {bids.map((level, rank) => (
          <Level key={`bid ${rank}`} side="bid" level={level} most={most} />
        ))}
      </tbody>
    </table>
  )
}

interface LevelProps {
  readonly side: 'bid' | 'ask'
  readonly level: LevelStatus
  readonly most: number
}

function Level({ side, level: [price, quantity], most }: LevelProps) {
  const width = `${Math.round((Number(quantity) / most) * 100)}%`
  return (
    <tr class={side}>
      <th scope="row">{side}</th>
      <td class="number price">{formatAmount(price, 12)}</td>
      <td class="number depth" style={{ backgroundSize: `${width} 100%` }}>
        {quantity}
      </td>
    </tr>
  )
}
