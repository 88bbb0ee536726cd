// Reading a setting through ConfigManager against loading and validating the configuration at each access.
import { fileURLToPath } from 'node:url'
import { silentLogger, systemClock } from '@cex-arbitrage/common'
import { ConfigManager, loadConfig } from '@cex-arbitrage/config'
import { do_not_optimize, measure } from 'mitata'

export const title = 'config: one access to risk.maxOpenOrders, with the example file'

const source = { file: fileURLToPath(new URL('../../config.example.yaml', import.meta.url)), env: {} }
const rounds = 5

/** Each round measures both, so that noise of the machine meets both; the ratio is the median of the rounds'. */
export async function run() {
  const manager = new ConfigManager({ source, clock: systemClock, log: silentLogger })
  const loads = []
  const accesses = []
  for (let round = 0; round < rounds; round++) {
    loads.push((await measure(() => do_not_optimize(loadConfig(source).risk.maxOpenOrders))).p50)
    accesses.push((await measure(() => do_not_optimize(manager.get().risk.maxOpenOrders))).p50)
  }
  manager.close()
  return [
    { name: 'loadConfig per access', medianNs: median(loads) },
    {
      name: 'ConfigManager.get per access',
      medianNs: median(accesses),
      ratio: median(loads.map((load, round) => load / accesses[round])),
      goal: 1.5,
    },
  ]
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
