import { open, readdir, rm, truncate, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { JournalException } from '@cex-arbitrage/common'
import { syncDirectory } from './durable-file.js'
import {
  decodeSegmentHeader,
  encodeSegmentHeader,
  readSegment,
  segmentHeaderBytes,
  segmentIndex,
  segmentName,
} from './segment.js'

/** A segment that is not written any more. */
export interface SealedSegment {
  readonly index: number
  readonly path: string
  /** Bytes that count. */
  readonly bytes: number
}

async function listSegments(directory: string): Promise<readonly number[]> {
  const names = await readdir(directory)
  return names.flatMap((name) => segmentIndex(name) ?? []).sort((a, b) => a - b)
}

/** Checks every segment from `first` on against the head of the next; the last may end in a torn tail, which is cut off. */
export async function sealSegments(directory: string, first: number): Promise<readonly SealedSegment[]> {
  const indices = (await listSegments(directory)).filter((index) => index >= first)
  const sealed: SealedSegment[] = []
  let nextSealedBytes: number | undefined
  for (const index of [...indices].reverse()) {
    const path = join(directory, segmentName(index))
    const segment = await readSegment(path, nextSealedBytes)
    if (segment === undefined) {
      // A head that was never whole: the process died while beginning it, and nothing was written.
      await rm(path)
      continue
    }
    if (segment.header.index !== index)
      throw new JournalException({ message: `The journal file ${path} is not the segment that its name says.` })
    if (segment.torn) await truncate(path, segment.end)
    sealed.unshift({ index, path, bytes: nextSealedBytes ?? segment.end })
    nextSealedBytes = segment.header.sealedBytes
  }
  const missing = sealed.findIndex(({ index }, at) => index !== first + at)
  if (missing >= 0)
    throw new JournalException({
      message: `The journal in ${directory} has no ${segmentName(first + missing)}. Restore it; do not trade on a part of the journal.`,
    })
  return sealed
}

/** The newest token that a segment was written under; damage shows later, when the lock is held. */
export async function lastToken(directory: string): Promise<number> {
  for (const index of [...(await listSegments(directory))].reverse()) {
    const file = await open(join(directory, segmentName(index)), 'r')
    try {
      const bytes = Buffer.alloc(segmentHeaderBytes)
      await file.read(bytes, 0, segmentHeaderBytes, 0)
      const header = decodeSegmentHeader(bytes)
      if (header !== undefined) return header.fencingToken
    } finally {
      await file.close()
    }
  }
  return 0
}

/** Begins a segment with its head, durably. */
export async function createSegment(
  directory: string,
  header: { readonly index: number; readonly fencingToken: number; readonly sealedBytes: number },
): Promise<FileHandle> {
  const file = await open(join(directory, segmentName(header.index)), 'ax')
  await file.appendFile(encodeSegmentHeader(header))
  await file.datasync()
  await syncDirectory(directory)
  return file
}
