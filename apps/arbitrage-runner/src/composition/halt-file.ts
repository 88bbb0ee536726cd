import { existsSync } from 'node:fs'
import type { Clock } from '@cex-arbitrage/common'
import type { EngineConfig } from '@cex-arbitrage/config'
import { HaltFile, type KillSwitch } from '@cex-arbitrage/trading'

/** The kill switch as a file that anybody on the machine can touch. */
export function createHaltFile(config: EngineConfig, halt: KillSwitch, clock: Clock): HaltFile {
  const { file: path, pollIntervalMs: pollMs } = config.killSwitch
  return new HaltFile(halt, clock, { path, pollMs, exists: () => existsSync(path) })
}
