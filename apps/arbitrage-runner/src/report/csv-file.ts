import { open, type FileHandle } from 'node:fs/promises'
import { toCsv } from './csv.js'

type Row = readonly (string | number)[]

const writtenAt = 256 * 1024

/** A table written while its rows come. */
export class CsvFile {
  private text = ''

  private constructor(private readonly file: FileHandle) {}

  static async create(path: string): Promise<CsvFile> {
    return new CsvFile(await open(path, 'w'))
  }

  async add(rows: readonly Row[]): Promise<void> {
    this.text += toCsv(rows)
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
