import { builtInExchanges } from '@cex-arbitrage/common'
import { getEnabledExchanges } from '../exchanges/exchanges-config.js'
import type { EngineConfig } from './base-config.js'
import type { ConsistencyContext, Report } from './contradiction.js'
import { didYouMean, isClose } from './suggestions.js'

/** Unknown names, missing keys, nothing switched on, addresses that contradict. */
export function checkExchanges(config: EngineConfig, context: ConsistencyContext, report: Report): void {
  const enabled = getEnabledExchanges(config.exchanges)
  if (enabled.size === 0) report(['exchanges'], 'none is enabled; there is nothing to trade on')
  for (const name of Object.keys(config.exchanges)) {
    const unknown = describeUnknown(name, config, context)
    if (unknown !== undefined) report(['exchanges', name], unknown, ['plugins'])
  }
  if (config.mode === 'live')
    for (const [name, exchange] of enabled)
      for (const key of ['apiKey', 'secret'] as const)
        if (exchange[key] === undefined)
          report(['exchanges', name, key], 'is missing, and live mode needs it: use ${VARIABLE} or file:path', ['mode'])
  const { gateio } = config.exchanges
  if (gateio?.useTestnet === true && (gateio.urls.rest ?? gateio.urls.websocket) !== undefined)
    report(['exchanges', 'gateio', 'useTestnet'], 'contradicts exchanges.gateio.urls; choose one', [
      'exchanges',
      'gateio',
      'urls',
    ])
}

function describeUnknown(name: string, config: EngineConfig, context: ConsistencyContext): string | undefined {
  const known = context.knownExchanges ?? builtInExchanges
  if ((known as readonly string[]).includes(name)) return undefined
  const plugged = context.knownExchanges === undefined && config.plugins.length > 0
  if (plugged && !isClose(name, builtInExchanges)) return undefined
  return `unknown exchange${didYouMean(name, known) || '.'} Known: ${known.join(', ')}. An exchange of a plug-in needs its npm package under plugins`
}
