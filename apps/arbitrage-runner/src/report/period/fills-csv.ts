import { open, type FileHandle } from 'node:fs/promises'
import type { FillRow } from '@cex-arbitrage/storage'
import { toCsv } from '../csv.js'

const columns = [
  'recordedAtMs',
  'exchangeTimeMs',
  'exchange',
  'instrumentId',
  'side',
  'price',
  'quantity',
  'fee',
  'feeAsset',
  'role',
  'origin',
  'fillId',
  'exchangeOrderId',
  'clientOrderId',
  'correlationId',
] as const satisfies readonly (keyof FillRow)[]

const header = columns.map((name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`))
const writtenAt = 256 * 1024

/** Every fill with its exact price, quantity and fee, one a line, written as they come. */
export class FillsCsv {
  private text = toCsv([header])

  private constructor(private readonly file: FileHandle) {}

  static async create(path: string): Promise<FillsCsv> {
    return new FillsCsv(await open(path, 'w'))
  }

  async add(fills: readonly FillRow[]): Promise<void> {
    this.text += toCsv(fills.map((fill) => columns.map((column) => fill[column] ?? '')))
    if (this.text.length >= writtenAt) await this.write()
  }

  async close(): Promise<void> {
    await this.write()
    await this.file.close()
  }

  private async write(): Promise<void> {
    const { text } = this
    this.text = ''
    await this.file.write(text)
  }
}
