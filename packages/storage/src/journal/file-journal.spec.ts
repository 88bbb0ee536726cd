import { appendFile, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { JournalException, systemClock } from '@cex-arbitrage/common'
import { ManualClock, waitFor } from '@cex-arbitrage/common/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { withTemporaryDirectory } from '../testing/temporary-directory.js'
import { textCodec } from '../testing/text-codec.js'
import { FileJournal, type FileJournalOptions } from './file-journal.js'
import { segmentHeaderBytes } from './segment.js'

type Options = Partial<FileJournalOptions<string>>

const openIn = (directory: string, options: Options = {}): Promise<FileJournal<string>> =>
  FileJournal.open({ directory, codec: textCodec, clock: systemClock, sync: 'never', ...options })

async function readAll(directory: string): Promise<readonly string[]> {
  const journal = await openIn(directory)
  const records: string[] = []
  for await (const record of journal.replay()) records.push(record)
  await journal.close()
  return records
}

async function writeAll(directory: string, records: readonly string[], options: Options = {}): Promise<void> {
  const journal = await openIn(directory, options)
  for (const record of records) await journal.append(record)
  await journal.close()
}

const numbers = (count: number): readonly string[] => Array.from({ length: count }, (_, i) => `record ${i}`)
const firstSegment = 'journal-00000001.log'

describe('FileJournal', () => {
  it('gives back over several sessions what was appended and queued, in order', () =>
    withTemporaryDirectory(async (directory) => {
      const first = await openIn(directory, { sync: 'always' })
      first.enqueue('a')
      await first.append('b')
      first.enqueue('c')
      await first.flush()
      await first.close()
      await writeAll(directory, ['d'])
      expect(await readAll(directory)).toEqual(['a', 'b', 'c', 'd'])
    }))

  it('shows its own session in a replay too', () =>
    withTemporaryDirectory(async (directory) => {
      const journal = await openIn(directory)
      await journal.append('a')
      const seen: string[] = []
      for await (const record of journal.replay()) seen.push(record)
      expect(seen).toEqual(['a'])
      await journal.close()
    }))

  it('writes many appends of one moment as one group, in order', () =>
    withTemporaryDirectory(async (directory) => {
      const journal = await openIn(directory, { sync: 'always' })
      await Promise.all(numbers(200).map(async (record) => journal.append(record)))
      await journal.close()
      expect(await readAll(directory)).toEqual(numbers(200))
    }))

  it('has nobody wait where the disk is not waited for, with all that was queued before', () =>
    withTemporaryDirectory(async (directory) => {
      for (const sync of ['never', 'interval'] as const) {
        const journal = await openIn(join(directory, sync), { sync })
        journal.enqueue('a')
        expect(journal.append('b')).toBeUndefined()
        const bytes = await readFile(join(directory, sync, 'journal-00000001.log'))
        expect([bytes.includes('a'), bytes.includes('b')]).toEqual([true, true])
        await journal.close()
        expect(await readAll(join(directory, sync))).toEqual(['a', 'b'])
      }
      const durable = await openIn(join(directory, 'always'), { sync: 'always' })
      expect(durable.append('a')).toBeInstanceOf(Promise)
      await durable.close()
    }))

  it('keeps the order where some records end a segment and others are written at once', () =>
    withTemporaryDirectory(async (directory) => {
      const journal = await openIn(directory, { sync: 'never', maxSegmentBytes: 100 })
      for (const record of numbers(30)) {
        if (Number(record) % 3 === 0) journal.enqueue(record)
        else if (Number(record) % 3 === 1) await journal.append(record)
        else void journal.append(record)
      }
      await journal.close()
      expect(await readAll(directory)).toEqual(numbers(30))
    }))

  it('begins a new segment when one has grown large, and reads across them', () =>
    withTemporaryDirectory(async (directory) => {
      await writeAll(directory, numbers(50), { maxSegmentBytes: 100 })
      expect((await readdir(directory)).length).toBeGreaterThan(5)
      expect(await readAll(directory)).toEqual(numbers(50))
    }))

  it('cuts a tail torn at any byte and keeps every whole record before it', () =>
    withTemporaryDirectory(async (directory) => {
      const records = numbers(6)
      await writeAll(directory, records)
      const path = join(directory, firstSegment)
      const whole = await readFile(path)
      const frameBytes = (whole.length - segmentHeaderBytes) / records.length
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 0, max: whole.length }), async (bytes) => {
          for (const name of await readdir(directory)) if (name !== firstSegment) await rm(join(directory, name))
          await writeFile(path, whole.subarray(0, bytes))
          const kept = Math.max(0, Math.floor((bytes - segmentHeaderBytes) / frameBytes))
          expect(await readAll(directory)).toEqual(records.slice(0, kept))
          expect(await readAll(directory)).toEqual(records.slice(0, kept))
        }),
        { numRuns: 60 },
      )
    }))

  it('refuses a broken middle and names the file and the byte', () =>
    withTemporaryDirectory(async (directory) => {
      await writeAll(directory, numbers(6))
      const path = join(directory, firstSegment)
      const bytes = await readFile(path)
      const frameBytes = (bytes.length - segmentHeaderBytes) / 6
      bytes[segmentHeaderBytes + 2 * frameBytes + 10]! ^= 1
      await writeFile(path, bytes)
      const message = `${firstSegment} has no whole record in its place at byte ${segmentHeaderBytes + 2 * frameBytes}`
      await expect(openIn(directory)).rejects.toThrow(message)
      await expect(openIn(directory)).rejects.toBeInstanceOf(JournalException)
    }))

  it('refuses a sealed segment that has become shorter, a head that is damaged, and a missing segment', () =>
    withTemporaryDirectory(async (directory) => {
      await writeAll(directory, numbers(3))
      await writeAll(directory, numbers(3))
      const path = join(directory, firstSegment)
      const bytes = await readFile(path)
      await writeFile(path, bytes.subarray(0, bytes.length - 1))
      await expect(openIn(directory)).rejects.toThrow('damaged')
      const broken = Buffer.from(bytes)
      broken[9]! ^= 1
      await writeFile(path, broken)
      await expect(openIn(directory)).rejects.toThrow('damaged')
      await rm(join(directory, firstSegment))
      await expect(openIn(directory)).rejects.toThrow(`has no ${firstSegment}`)
      await writeFile(path, await readFile(join(directory, 'journal-00000002.log')))
      await expect(openIn(directory)).rejects.toThrow('not the segment that its name says')
    }))

  it('does not read what a writer without the lock adds to a segment sealed by another session', () =>
    withTemporaryDirectory(async (directory) => {
      await writeAll(directory, ['ours'])
      await writeAll(directory, ['next'])
      const stale = await readFile(join(directory, 'journal-00000002.log'))
      await appendFile(join(directory, firstSegment), stale.subarray(segmentHeaderBytes))
      expect(await readAll(directory)).toEqual(['ours', 'next'])
    }))

  it('lets one process write at a time', () =>
    withTemporaryDirectory(async (directory) => {
      const journal = await openIn(directory)
      await expect(openIn(directory)).rejects.toThrow(`held by process ${process.pid}`)
      await journal.close()
      await (await openIn(directory)).close()
    }))

  it('takes over the lock of a dead process with a higher token', () =>
    withTemporaryDirectory(async (directory) => {
      const first = await openIn(directory)
      expect(first.fencingToken).toBe(1)
      await first.close()
      const dead = { token: 7, pid: 2 ** 22 + 1, startTicks: '1' }
      await writeFile(join(directory, 'journal.lock'), JSON.stringify(dead))
      const second = await openIn(directory)
      expect(second.fencingToken).toBe(8)
      await second.close()
      const reused = { token: 9, pid: process.pid, startTicks: '1' }
      await writeFile(join(directory, 'journal.lock'), JSON.stringify(reused))
      const third = await openIn(directory)
      expect(third.fencingToken).toBe(10)
      await third.close()
      await writeFile(join(directory, 'journal.lock'), 'torn')
      const fourth = await openIn(directory)
      expect(fourth.fencingToken).toBe(11)
      await fourth.close()
    }))

  it('writes nothing more once the lock is gone', () =>
    withTemporaryDirectory(async (directory) => {
      const journal = await openIn(directory)
      await journal.append('a')
      await writeFile(join(directory, 'journal.lock'), '{"token":99,"pid":1,"startTicks":""}')
      const bytes = (await stat(join(directory, firstSegment))).size
      await expect(journal.append('b')).rejects.toThrow('no longer ours')
      journal.enqueue('c')
      await expect(journal.flush()).rejects.toThrow('no longer ours')
      expect((await stat(join(directory, firstSegment))).size).toBe(bytes)
      await expect(journal.close()).rejects.toThrow('no longer ours')
    }))

  it('forces queued records to disk after the interval', () =>
    withTemporaryDirectory(async (directory) => {
      const clock = new ManualClock()
      const journal = await openIn(directory, { sync: 'interval', syncIntervalMs: 50, clock })
      await journal.append('a')
      await journal.append('b')
      expect(clock.pendingTimers).toBe(1)
      await clock.advance(50)
      await waitFor(() => clock.pendingTimers === 0, 'the sync')
      await journal.append('c')
      expect(clock.pendingTimers).toBe(1)
      await journal.close()
      expect(clock.pendingTimers).toBe(0)
      expect(await readAll(directory)).toEqual(['a', 'b', 'c'])
    }))

  it('refuses records after it was closed, and records that no frame holds', () =>
    withTemporaryDirectory(async (directory) => {
      const journal = await openIn(directory)
      expect(() => journal.append('')).toThrow(RangeError)
      await journal.close()
      await journal.close()
      await expect(journal.append('a')).rejects.toThrow('closed')
      journal.enqueue('a')
      await expect(journal.flush()).rejects.toThrow('closed')
    }))

  it('turns a failing disk into a journal exception and stays failed', () =>
    withTemporaryDirectory(async (directory) => {
      const journal = await openIn(directory, { maxSegmentBytes: 1 })
      await journal.append('a')
      await writeFile(join(directory, 'journal-00000003.log'), 'in the way')
      await expect(journal.append('b')).rejects.toBeInstanceOf(JournalException)
      await expect(journal.append('c')).rejects.toBeInstanceOf(JournalException)
      await expect(journal.close()).rejects.toBeInstanceOf(JournalException)
    }))
})
