import { watch, type FSWatcher } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import type { Clock, Logger, Timer } from '@cex-arbitrage/common'

export interface FileWatchOptions {
  readonly file: string
  readonly clock: Clock
  readonly log: Logger
  /** Milliseconds of quiet after a change before it is reported. */
  readonly debounceMs: number
  readonly onChange: () => void
}

/**
 * Watches one file by its folder, so that it is not lost when an editor or a deployment replaces the file instead of
 * writing into it. Several changes in a row are reported once.
 */
export class FileWatch {
  private readonly watcher: FSWatcher
  private pending: Timer | undefined

  /** @throws Error of the operating system when the folder cannot be watched. */
  constructor(private readonly options: FileWatchOptions) {
    const file = resolve(options.file)
    const name = basename(file)
    this.watcher = watch(dirname(file), { persistent: false }, (_, changed) => {
      // Mounted configuration volumes swap a link named `..data`.
      if (changed === null || changed === name || changed.startsWith('..')) this.schedule()
    })
    this.watcher.on('error', (error) => {
      options.log.warn({ file, error: error.message }, 'configuration file is no longer watched')
    })
  }

  close(): void {
    this.pending?.cancel()
    this.watcher.close()
  }

  private schedule(): void {
    this.pending?.cancel()
    this.pending = this.options.clock.setTimer(this.options.onChange, this.options.debounceMs)
  }
}
