// What is promised of the whole project and can be counted: every exported exception carries a correlation id, and the
// drawing of who uses whom is current. A ratio of 1 means all.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import * as common from '@cex-arbitrage/common'
import * as config from '@cex-arbitrage/config'
import * as exchanges from '@cex-arbitrage/exchanges'
import * as networking from '@cex-arbitrage/networking'
import * as storage from '@cex-arbitrage/storage'
import * as trading from '@cex-arbitrage/trading'
import { do_not_optimize, measure } from 'mitata'

export const title = 'promises: exceptions by enumeration, and the drawn dependency graph'

const packages = { common, config, networking, exchanges, trading, storage }
const abstractClasses = [common.CexArbitrageException, common.ExchangeException]
const options = { message: 'made to be looked at', retryAfterMs: 1 }

export async function run() {
  const classes = exportedExceptions()
  const carrying = classes.filter((Exception) => {
    const { correlationId, timestamp, code } = new Exception(options)
    return correlationId.length > 0 && Number.isFinite(timestamp) && common.errorCodes.includes(code)
  })
  const making = await measure(() => do_not_optimize(new common.RateLimitException(options)))
  return [
    {
      name: 'exceptions with correlation id, time and listed code',
      medianNs: making.p50,
      ratio: carrying.length / classes.length,
      goal: 1,
      note: `${carrying.length} of ${classes.length}; the time is that of making one`,
    },
    {
      name: 'dependency graph in docs is current',
      medianNs: 0,
      ratio: graphIsCurrent() ? 1 : 0,
      goal: 1,
      note: 'docs/dependency-graph.svg',
    },
  ]
}

/** Every class of the family that any package exports, the two abstract ones apart. */
function exportedExceptions() {
  const exported = Object.values(packages).flatMap((names) => Object.values(names))
  const family = exported.filter(
    (value) => typeof value === 'function' && value.prototype instanceof common.CexArbitrageException,
  )
  return [...new Set(family)].filter((value) => !abstractClasses.includes(value))
}

function graphIsCurrent() {
  const script = fileURLToPath(new URL('../draw-dependency-graph.mjs', import.meta.url))
  return spawnSync(process.execPath, [script, '--check'], { stdio: 'ignore' }).status === 0
}
