import type { BalanceStatus } from '@cex-arbitrage/arbitrage-runner/live-model'
import { formatAmount, formatSigned, signOf } from '../model/format.js'
import { Panel } from './panel.js'
import { useSection } from './services.js'
import { toneClass } from './summary.js'

const none: readonly BalanceStatus[] = []

/** What is held where, and what of it is not flat. */
export function ExposurePanel() {
  const exposure = useSection('exposure')
  const balances = useSection('balances') ?? none
  const reportingAsset = useSection('reportingAsset') ?? ''
  const exchanges = [...new Set(balances.map(({ exchange }) => exchange))]
  const underWay =
    exposure && `${exposure.openTrades} trades, ${exposure.openOrders} orders, ${exposure.unknownOrders} unknown`
  return (
    <Panel
      id="exposure"
      title="Holdings and exposure"
      className="exposure"
      aside={<span class="hint">{underWay}</span>}
    >
      <div class="scroll" tabIndex={0} role="group" aria-labelledby="exposure">
        <table>
          <caption class="unseen">Holdings by asset and exchange</caption>
          <thead>
            <tr>
              <th scope="col">Asset</th>
              {[...exchanges, `Value, ${reportingAsset}`, 'Not flat'].map((name) => (
                <th key={name} scope="col" class="number">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {exposure?.byAsset.map(({ asset, net, value }) => (
              <tr key={asset}>
                <th scope="row">{asset}</th>
                {exchanges.map((exchange) => (
                  <td key={exchange} class="number">
                    {formatAmount(
                      balances.find((row) => row.exchange === exchange && row.asset === asset)?.total ?? '0',
                      6,
                    )}
                  </td>
                ))}
                <td class="number">{value === undefined ? '–' : formatAmount(value, 0)}</td>
                <td class={`number ${toneClass(signOf(net))}`}>{formatSigned(net, 8)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  )
}
