import { open, type FileHandle } from 'node:fs/promises'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { RecordingException } from '@cex-arbitrage/common'
import { encodeBlockHeader, blockHeaderBytes, fileMagic } from './block-header.js'
import { EventEncoder } from './event-codec.js'
import type { EventKind } from './recorded-event.js'

const compress = promisify(gzip)
const defaultBlockBytes = 262_144
/** Blocks that may wait to be packed and written before the recording counts as failed. */
const maxWaitingBlocks = 64

export interface RecordingWriterOptions {
  /** File that must not exist yet. */
  readonly path: string
  /** Bytes on disk at which `onEnd` is told; what comes until `close` is still taken. */
  readonly maxBytes: number
  /** Bytes of events that are packed together; 262,144 by default. */
  readonly blockBytes?: number
  /** Told once: the file is full and should be closed, or it cannot be written and takes nothing more. */
  readonly onEnd?: (reason: 'full' | 'failed') => void
}

/** Takes events without waiting, packs them into blocks, and writes those in order. */
export class RecordingWriter {
  private readonly encoder: EventEncoder
  private readonly blockBytes: number
  private writing: Promise<void> = Promise.resolve()
  private waitingBlocks = 0
  private failure: RecordingException | undefined
  private isFull = false
  private isOver = false
  private closing: Promise<void> | undefined
  private bytes = fileMagic.length
  private taken = 0

  private constructor(
    private readonly file: FileHandle,
    private readonly options: RecordingWriterOptions,
  ) {
    this.blockBytes = options.blockBytes ?? defaultBlockBytes
    this.encoder = new EventEncoder(this.blockBytes)
  }

  /** @throws {@link RecordingException} The file cannot be made, or is there already. */
  static async create(options: RecordingWriterOptions): Promise<RecordingWriter> {
    try {
      const file = await open(options.path, 'wx')
      await file.write(fileMagic)
      return new RecordingWriter(file, options)
    } catch (cause) {
      throw new RecordingException({
        message: `${options.path} cannot be written: ${(cause as Error).message}.`,
        cause,
      })
    }
  }

  /** Bytes on disk. */
  get bytesWritten(): number {
    return this.bytes
  }

  /** Events taken. */
  get events(): number {
    return this.taken
  }

  /** What comes from now on is no part of the recording. */
  end(): void {
    this.isOver = true
  }

  /** Adds an event; passed over once writing has failed, which `close` reports. */
  add(kind: EventKind, atUs: number, channel: number, data: Uint8Array): void {
    if (this.failure !== undefined || this.isOver) return
    this.encoder.add(kind, atUs, channel, data)
    this.taken++
    if (this.encoder.length >= this.blockBytes) this.endBlock()
  }

  /** Writes what waits. @throws {@link RecordingException} The disk failed; what was written before stands. */
  close(): Promise<void> {
    this.closing ??= this.finish()
    return this.closing
  }

  private async finish(): Promise<void> {
    if (this.encoder.count > 0) this.endBlock()
    await this.writing
    await this.file.close()
    if (this.failure !== undefined) throw this.failure
  }

  private endBlock(): void {
    const { count: events, length: rawBytes, firstUs, lastUs } = this.encoder
    const raw = this.encoder.take()
    this.waitingBlocks++
    this.writing = this.writing
      .then(async () => {
        if (this.failure !== undefined) return
        const stored = await compress(raw)
        const header = encodeBlockHeader({ events, rawBytes, storedBytes: stored.length, firstUs, lastUs })
        await this.file.write(Buffer.concat([header, stored]))
        this.bytes += blockHeaderBytes + stored.length
        if (this.bytes < this.options.maxBytes || this.isFull) return
        this.isFull = true
        this.options.onEnd?.('full')
      })
      .catch((cause: unknown) => this.fail(cause))
      .finally(() => {
        this.waitingBlocks--
      })
    if (this.waitingBlocks > maxWaitingBlocks) this.fail(new Error('the disk does not keep up'))
  }

  private fail(cause: unknown): void {
    if (this.failure !== undefined) return
    const message = `${this.options.path} cannot be written: ${(cause as Error).message}.`
    this.failure = new RecordingException({ message, cause })
    this.options.onEnd?.('failed')
  }
}
