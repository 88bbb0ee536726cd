import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { waitFor } from '@cex-arbitrage/common/testing'
import { loadConfig } from '@cex-arbitrage/config'
import { describe, expect, it } from 'vitest'
import { RecordingOutput } from '../testing/recording-output.js'
import { createLogger } from './create-logger.js'

const logging = (settings: Readonly<Record<string, unknown>>) =>
  loadConfig({ env: {}, overrides: { logging: settings } }).logging

describe('createLogger', () => {
  it('writes everything from the level on to a file, whatever a person is shown', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cex-arbitrage-log-'))
    try {
      const file = join(folder, 'deep', 'engine.log')
      for (const isTerminal of [true, false]) {
        const log = createLogger(logging({ level: 'info', file }), new RecordingOutput(isTerminal))
        log.debug({}, 'too low')
        log.info({ isTerminal }, 'kept')
      }
      const written = (): Promise<string[]> =>
        readFile(file, 'utf8').then(
          (text) => text.trim().split('\n'),
          () => [],
        )
      await waitFor(async () => (await written()).length === 2, 'two lines')
      const lines = await written()
      expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual(['kept', 'kept'])
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it.each([
    [{ level: 'silent' }, true],
    [{ level: 'silent' }, false],
    [{ level: 'error', format: 'json' }, true],
    [{ level: 'error' }, false],
    [{ level: 'debug' }, true],
  ])('makes a log that can be written to with %j on a terminal: %s', (settings, isTerminal) => {
    const log = createLogger(logging(settings), new RecordingOutput(isTerminal))
    expect(() => log.info({}, 'below what is shown')).not.toThrow()
  })
})
