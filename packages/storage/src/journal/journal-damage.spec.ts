import { copyFile, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { JournalException, systemClock } from '@cex-arbitrage/common'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { withTemporaryDirectory } from '../testing/temporary-directory.js'
import { textCodec } from '../testing/text-codec.js'
import { FileJournal } from './file-journal.js'
import { readFrame } from './frame.js'
import { segmentHeaderBytes } from './segment.js'

const openIn = (directory: string): Promise<FileJournal<string>> =>
  FileJournal.open({ directory, codec: textCodec, clock: systemClock, sync: 'never' })

async function readAll(directory: string): Promise<readonly string[]> {
  const journal = await openIn(directory)
  const records: string[] = []
  for await (const record of journal.replay()) records.push(record)
  await journal.close()
  return records
}

async function write(directory: string, records: readonly string[]): Promise<void> {
  const journal = await openIn(directory)
  for (const record of records) await journal.append(record)
  await journal.close()
}

/** Appends records; where one is a list, it becomes a checkpoint. */
async function writeSession(directory: string, steps: readonly (string | readonly string[])[]): Promise<void> {
  const journal = await openIn(directory)
  for (const step of steps)
    if (typeof step === 'string') journal.enqueue(step)
    else journal.checkpoint(step)
  await journal.close()
}

const segment = (index: number): string => `journal-0000000${index}.log`
const checkpoint = (index: number): string => `checkpoint-0000000${index}.log`

/** Puts the frames of the first segment into another order; an index may be left out or come twice. */
async function rearrange(directory: string, order: readonly number[]): Promise<void> {
  const path = join(directory, segment(1))
  const bytes = await readFile(path)
  const frames: Buffer[] = []
  for (let at = segmentHeaderBytes; at < bytes.length; at = readFrame(bytes, at)!.end)
    frames.push(bytes.subarray(at, readFrame(bytes, at)!.end))
  await writeFile(path, Buffer.concat([bytes.subarray(0, segmentHeaderBytes), ...order.map((index) => frames[index]!)]))
}

describe('records that are whole but out of their place', () => {
  it.each([
    ['doubled', [0, 1, 1, 2, 3]],
    ['put out of order', [0, 2, 1, 3]],
    ['taken out of the middle', [0, 1, 3]],
  ])('are refused when they were %s', (_, order) =>
    withTemporaryDirectory(async (directory) => {
      await write(directory, ['a', 'b', 'c', 'd'])
      await rearrange(directory, order)
      await expect(openIn(directory)).rejects.toThrow('no whole record in its place')
    }),
  )

  it('are refused in a sealed segment of the same length too', () =>
    withTemporaryDirectory(async (directory) => {
      await write(directory, ['a', 'b', 'c', 'd'])
      await write(directory, ['e'])
      await rearrange(directory, [0, 2, 1, 3])
      await expect(openIn(directory)).rejects.toThrow('no whole record in its place')
    }))
})

describe('a checkpoint', () => {
  const steps = ['a', 'b', ['a+b'], 'c', ['a+b+c'], 'd'] as const

  it('stands for what was queued before it, and a replay goes on behind it', () =>
    withTemporaryDirectory(async (directory) => {
      await writeSession(directory, ['a', 'b', ['a+b'], 'c'])
      expect(await readAll(directory)).toEqual(['a+b', 'c'])
      await writeSession(directory, ['d', ['a+b+c+d']])
      await write(directory, ['e'])
      expect(await readAll(directory)).toEqual(['a+b+c+d', 'e'])
    }))

  it('leaves the segments before as they are, to be read from the first on where it is taken away', () =>
    withTemporaryDirectory(async (directory) => {
      await writeSession(directory, steps)
      expect(await readAll(directory)).toEqual(['a+b+c', 'd'])
      await rm(join(directory, checkpoint(3)))
      expect(await readAll(directory)).toEqual(['a+b', 'c', 'd'])
      await rm(join(directory, checkpoint(2)))
      expect(await readAll(directory)).toEqual(['a', 'b', 'c', 'd'])
    }))

  it('that is cut off or damaged at any byte is passed over', () =>
    withTemporaryDirectory(async (directory) => {
      await writeSession(directory, steps)
      const path = join(directory, checkpoint(3))
      const whole = await readFile(path)
      await fc.assert(
        fc.asyncProperty(fc.nat(whole.length - 1), fc.boolean(), async (at, isCut) => {
          const broken = Buffer.from(isCut ? whole.subarray(0, at) : whole)
          if (!isCut) broken[at]! ^= 1
          await writeFile(path, broken)
          expect(await readAll(directory)).toEqual(['a+b', 'c', 'd'])
        }),
        { numRuns: 25 },
      )
    }))

  it('of another history, or behind the newest segment that is left, is passed over', () =>
    withTemporaryDirectory(async (directory) => {
      await writeSession(directory, steps)
      await copyFile(join(directory, checkpoint(2)), join(directory, checkpoint(3)))
      expect(await readAll(directory)).toEqual(['a+b', 'c', 'd'])
      for (const name of await readdir(directory))
        if (/^journal-0000000[2-9]/.test(name)) await rm(join(directory, name))
      expect(await readAll(directory)).toEqual(['a', 'b'])
    }))

  it('whose writing was cut short leaves a draft that nobody reads', () =>
    withTemporaryDirectory(async (directory) => {
      await writeSession(directory, ['a', ['a!'], 'b'])
      await copyFile(join(directory, checkpoint(2)), join(directory, `${checkpoint(3)}.draft`))
      expect(await readAll(directory)).toEqual(['a!', 'b'])
    }))

  it('does not need the segments before it, but every one behind it', () =>
    withTemporaryDirectory(async (directory) => {
      await writeSession(directory, steps)
      await rm(join(directory, segment(1)))
      await rm(join(directory, segment(2)))
      expect(await readAll(directory)).toEqual(['a+b+c', 'd'])
      await write(directory, ['e'])
      await write(directory, ['f'])
      await rm(join(directory, segment(5)))
      await expect(openIn(directory)).rejects.toBeInstanceOf(JournalException)
    }))

  it('keeps no more than the newest and one in reserve', () =>
    withTemporaryDirectory(async (directory) => {
      await writeSession(directory, ['a', ['1'], 'b', ['2'], 'c', ['3'], 'd', ['4']])
      const names = (await readdir(directory)).filter((name) => name.startsWith('checkpoint'))
      expect(names).toEqual([checkpoint(4), checkpoint(5)])
    }))

  it('is not taken by a journal that is closed or has failed', () =>
    withTemporaryDirectory(async (directory) => {
      const journal = await openIn(directory)
      await journal.append('a')
      await writeFile(join(directory, segment(2)), 'in the way')
      journal.checkpoint(['1'])
      await expect(journal.append('b')).rejects.toThrow()
      journal.checkpoint(['2'])
      await expect(journal.close()).rejects.toThrow()
      journal.checkpoint(['3'])
      expect((await readdir(directory)).filter((name) => name.startsWith('checkpoint'))).toEqual([])
    }))
})
