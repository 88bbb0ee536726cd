import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { processEnvironment } from '@cex-arbitrage/config'

const env = processEnvironment()

const folder = env['CEX_ARBITRAGE_CAPTURES'] ?? resolve(import.meta.dirname, '../../../../../shared/captures')

/** The folder of recorded market data, which is not part of the project. `undefined` where there is none. */
export const capturesFolder = existsSync(folder) ? folder : undefined

if (capturesFolder === undefined && env['CI'])
  throw new Error('The recorded captures are required here. Set CEX_ARBITRAGE_CAPTURES to their folder.')

/** @throws Error where there are no captures. */
export function capturePath(name: string): string {
  if (capturesFolder === undefined) throw new Error('There are no captures.')
  return join(capturesFolder, name)
}
