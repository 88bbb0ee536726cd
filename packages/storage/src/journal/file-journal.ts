import { writeSync } from 'node:fs'
import { mkdir, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { JournalException, type Clock, type Timer } from '@cex-arbitrage/common'
import type { Journal } from '@cex-arbitrage/trading'
import { readCheckpoint, writeCheckpoint, type Checkpoint } from './checkpoint-file.js'
import { encodeFrame } from './frame.js'
import { GroupWriter, type GroupSink } from './group-writer.js'
import type { JournalCodec } from './journal-codec.js'
import { JournalLock } from './journal-lock.js'
import { createSegment, lastToken, sealSegments, type SealedSegment } from './segment-folder.js'
import { encodeSegmentHeader, readSegment, segmentHeaderBytes, segmentName } from './segment.js'

/**
 * When written records are forced to disk: `always` before `append` resolves, many in one go (queued records go with the
 * next append or flush); `interval` every `syncIntervalMs`; `never` leaves it to the system. All survive the death of the
 * process, only `always` that of the machine.
 */
export type SyncPolicy = 'always' | 'interval' | 'never'

export interface FileJournalOptions<R> {
  /** Made where it is missing. One journal per directory. */
  readonly directory: string
  readonly codec: JournalCodec<R>
  readonly clock: Clock
  /** `always` by default. */
  readonly sync?: SyncPolicy
  readonly syncIntervalMs?: number
  /** A segment is ended when it has grown beyond this. */
  readonly maxSegmentBytes?: number
}

const defaultSyncIntervalMs = 100
const defaultMaxSegmentBytes = 64 * 1024 * 1024

/**
 * An append-only journal in numbered segment files, for one writing process at a time. Every session begins a segment of
 * its own, whose head seals the one before at the length that was found good.
 */
export class FileJournal<R> implements Journal<R>, GroupSink {
  private readonly writer: GroupWriter
  private readonly sealed: SealedSegment[] = []
  private timer: Timer | undefined
  private unsynced = false
  private syncing: Promise<void> = Promise.resolve()
  private closed = false
  private sequence = 0
  private checkpoints: Promise<void> = Promise.resolve()
  private begin: Checkpoint<R> | undefined

  private constructor(
    private readonly options: FileJournalOptions<R>,
    private readonly lock: JournalLock,
    private file: FileHandle,
    private index: number,
    private bytes: number,
  ) {
    this.writer = new GroupWriter(this)
  }

  /**
   * Takes the lock, checks what is there, cuts off a torn tail and begins a segment.
   *
   * @throws {@link JournalException} Another process writes it, or it is damaged in the middle.
   */
  static async open<R>(options: FileJournalOptions<R>): Promise<FileJournal<R>> {
    const { directory } = options
    await mkdir(directory, { recursive: true })
    const lock = await JournalLock.acquire(directory, await lastToken(directory))
    try {
      const checkpoint = await readCheckpoint(directory, options.codec)
      const sealed = await sealSegments(directory, checkpoint?.segment ?? 1)
      const index = (sealed.at(-1)?.index ?? 0) + 1
      const header = { index, fencingToken: lock.fencingToken, sealedBytes: sealed.at(-1)?.bytes ?? 0 }
      const file = await createSegment(directory, header)
      const journal = new FileJournal(options, lock, file, index, segmentHeaderBytes)
      journal.sealed.push(...sealed)
      journal.begin = checkpoint
      return journal
    } catch (error) {
      await lock.release()
      throw error
    }
  }

  /** Grows with every process that has held this journal. */
  get fencingToken(): number {
    return this.lock.fencingToken
  }

  append(record: R): Promise<void> | undefined {
    if (this.closed) return Promise.reject(closedException())
    return this.writer.append(this.frame(record))
  }

  enqueue(record: R): void {
    if (this.closed) this.writer.fail(closedException())
    this.writer.enqueue(this.frame(record))
  }

  async flush(): Promise<void> {
    await this.writer.flush()
    await this.syncNow()
  }

  /** The records are put into a file of their own, which stands for every segment before the one that begins here. */
  checkpoint(records: readonly R[]): void {
    if (this.closed) return
    const payloads = records.map((record) => this.options.codec.encode(record))
    this.writer.after(async () => {
      const head = await this.rotate()
      const { index } = this
      this.checkpoints = this.checkpoints
        .then(() => writeCheckpoint(this.options.directory, index, head, payloads))
        // The next start takes longer, nothing else; a full disk shows at the next record.
        .catch(() => undefined)
    })
  }

  async *replay(): AsyncIterable<R> {
    await this.writer.flush()
    yield* this.begin?.records ?? []
    const segments = [...this.sealed, { path: this.path(this.index), bytes: this.bytes }]
    for (const { path, bytes } of segments) {
      const segment = await readSegment(path, bytes)
      for (const payload of segment?.payloads ?? []) yield this.options.codec.decode(payload)
    }
  }

  async close(): Promise<void> {
    if (this.closed) return
    this.closed = true
    this.timer?.cancel()
    try {
      await this.writer.flush()
      await this.file.datasync()
    } finally {
      await this.checkpoints
      await this.file.close()
      await this.lock.release()
    }
  }

  /** For the writer of groups. */
  async write(group: Buffer, awaited: boolean): Promise<void> {
    this.lock.assertHeld()
    if (this.isFull) await this.rotate()
    this.put(group)
    if (this.policy === 'always' && awaited) await this.syncNow()
    else if (this.policy === 'interval') this.syncSoon()
  }

  /** The disk is not waited for, and no segment ends. */
  get isImmediate(): boolean {
    return this.policy !== 'always' && !this.isFull
  }

  /** For the writer of groups. */
  writeNow(group: Buffer): void {
    this.lock.assertHeld()
    this.put(group)
    if (this.policy === 'interval') this.syncSoon()
  }

  private get policy(): SyncPolicy {
    return this.options.sync ?? 'always'
  }

  private get isFull(): boolean {
    return this.bytes >= (this.options.maxSegmentBytes ?? defaultMaxSegmentBytes)
  }

  private put(group: Buffer): void {
    writeWhole(this.file.fd, group)
    this.bytes += group.length
    this.unsynced = true
  }

  private syncSoon(): void {
    this.timer ??= this.options.clock.setTimer(() => {
      this.timer = undefined
      this.syncing = this.syncNow().catch((cause: unknown) =>
        this.writer.fail(
          new JournalException({
            cause,
            message: 'The journal could not be forced to disk. Stop trading; check the disk.',
          }),
        ),
      )
    }, this.options.syncIntervalMs ?? defaultSyncIntervalMs)
  }

  private async syncNow(): Promise<void> {
    if (!this.unsynced || this.closed) return
    this.unsynced = false
    await this.file.datasync()
  }

  private frame(record: R): Buffer {
    const frame = encodeFrame(this.options.codec.encode(record), this.sequence)
    this.sequence++
    return frame
  }

  /** Ends the segment and begins the next; answers the head of that. */
  private async rotate(): Promise<Buffer> {
    await this.syncing
    await this.file.datasync()
    const full = this.file
    const header = { index: this.index + 1, fencingToken: this.lock.fencingToken, sealedBytes: this.bytes }
    this.file = await createSegment(this.options.directory, header)
    this.sealed.push({ index: this.index, path: this.path(this.index), bytes: this.bytes })
    this.index++
    this.bytes = segmentHeaderBytes
    await full.close()
    return encodeSegmentHeader(header)
  }

  private path(index: number): string {
    return join(this.options.directory, segmentName(index))
  }
}

/**
 * Into the system's memory, at once: a hand-over to another thread and back would take longer than the writing itself, and
 * an order waits for it. What forces it to disk is not done here.
 */
function writeWhole(fd: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length;) written += writeSync(fd, bytes, written)
}

const closedException = (): JournalException =>
  new JournalException({ message: 'The journal is closed; the record was not written.' })
