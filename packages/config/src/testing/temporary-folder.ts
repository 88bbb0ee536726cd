import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder for the files of one test; `close` removes it. */
export class TemporaryFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'cex-arbitrage-'))

  /** Writes a file and returns its path. */
  write(name: string, text: string): string {
    const file = join(this.path, name)
    writeFileSync(file, text)
    return file
  }

  close(): void {
    rmSync(this.path, { recursive: true, force: true })
  }
}
