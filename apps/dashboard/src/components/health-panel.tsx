import type { ExchangeStatus } from '@cex-arbitrage/arbitrage-runner/live-model'
import { formatCount } from '../model/format.js'
import { Panel } from './panel.js'
import { useSection } from './services.js'

const none: readonly ExchangeStatus[] = []

/** How every exchange does. */
export function HealthPanel() {
  const exchanges = useSection('exchanges') ?? none
  return (
    <Panel id="health" title="Exchanges" className="health">
      <div class="scroll" tabIndex={0} role="group" aria-labelledby="health">
        <table>
          <caption class="unseen">Health of every exchange</caption>
          <thead>
            <tr>
              <th scope="col">Exchange</th>
              <th scope="col">Data</th>
              <th scope="col">Account</th>
              {['Books', 'Frames', 'Gaps', 'Resyncs', 'Reconnects', 'Clock', 'Orders'].map((name) => (
                <th key={name} scope="col" class="number">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {exchanges.map((row) => (
              <tr key={row.exchange}>
                <th scope="row">{row.exchange}</th>
                <td>
                  <Light on={row.marketDataConnected} />
                </td>
                <td>
                  <Light on={row.accountConnected} />
                </td>
                <td class={row.booksTrusted < row.booksTotal ? 'number loss' : 'number'}>
                  {row.booksTrusted}/{row.booksTotal}
                </td>
                <td class="number">{formatCount(row.frames)}</td>
                <td class="number">{row.gaps}</td>
                <td class="number">{row.resyncs}</td>
                <td class="number">{row.reconnects}</td>
                <td class="number">{row.clockOffsetMs === undefined ? '–' : `${row.clockOffsetMs.toFixed(1)} ms`}</td>
                <td class="number">{row.openOrders}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  )
}

function Light({ on }: { readonly on: boolean }) {
  return <span class={on ? 'light on' : 'light off'}>{on ? 'on' : 'off'}</span>
}
