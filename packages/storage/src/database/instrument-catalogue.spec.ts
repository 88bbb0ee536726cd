import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Decimal, JournalException, createAssetId, createExchangeId, createSymbol } from '@cex-arbitrage/common'
import { createTestInstrument } from '@cex-arbitrage/common/testing'
import { expect, it } from 'vitest'
import { withTemporaryDirectory } from '../testing/temporary-directory.js'
import { InstrumentCatalogue } from './instrument-catalogue.js'

const spot = createTestInstrument()
const perpetual = createTestInstrument({
  exchange: createExchangeId('other'),
  marketType: 'futures',
  symbol: createSymbol(createAssetId('BTC'), createAssetId('USDT')),
  contractSize: Decimal.parse('0.001'),
})

it('gives every instrument back as the session knew it', () =>
  withTemporaryDirectory(async (directory) => {
    await InstrumentCatalogue.note(directory, 3, [spot])
    const finer = createTestInstrument({ tickSize: Decimal.parse('0.001') })
    await InstrumentCatalogue.note(directory, 5, [finer, perpetual])
    await InstrumentCatalogue.note(directory, 6, [finer, perpetual])
    const catalogue = await InstrumentCatalogue.read(directory)
    expect(catalogue.find(spot.id, 1)!.ticksToPrice(5).toString()).toBe('0.05')
    expect(catalogue.find(spot.id, 4)!.ticksToPrice(5).toString()).toBe('0.05')
    expect(catalogue.find(spot.id, 5)!.ticksToPrice(5).toString()).toBe('0.005')
    expect(catalogue.find(perpetual.id, 4)).toBeUndefined()
    expect(catalogue.find(perpetual.id, 6)).toMatchObject({
      marketType: 'futures',
      contractSize: Decimal.parse('0.001'),
    })
    expect((await readFile(join(directory, 'instruments.ndjson'), 'utf8')).trim().split('\n')).toHaveLength(3)
  }))

it('refuses a file that is damaged, and knows nothing where there is none', () =>
  withTemporaryDirectory(async (directory) => {
    expect((await InstrumentCatalogue.read(directory)).find(spot.id, 1)).toBeUndefined()
    await writeFile(join(directory, 'instruments.ndjson'), '{"sinceToken":0}\n')
    await expect(InstrumentCatalogue.read(directory)).rejects.toThrow(JournalException)
    await expect(InstrumentCatalogue.note(directory, 1, [spot])).rejects.toThrow(JournalException)
  }))
