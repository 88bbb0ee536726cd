import { appendFile, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { JournalException, systemClock } from '@cex-arbitrage/common'
import { expect, it } from 'vitest'
import { FileJournal } from '../journal/file-journal.js'
import { segmentName } from '../journal/segment.js'
import { withTemporaryDirectory } from '../testing/temporary-directory.js'
import { textCodec } from '../testing/text-codec.js'
import { JournalTail } from './journal-tail.js'

const openJournal = (directory: string, maxSegmentBytes = 200): Promise<FileJournal<string>> =>
  FileJournal.open({ directory, codec: textCodec, clock: systemClock, sync: 'never', maxSegmentBytes })

async function readAll(tail: JournalTail): Promise<string[]> {
  const texts: string[] = []
  for (let payloads = await tail.read(); payloads.length > 0; payloads = await tail.read())
    texts.push(...payloads.map((payload) => textCodec.decode(payload)))
  return texts
}

it('reads on while the journal is written, over many segments and sessions', () =>
  withTemporaryDirectory(async (directory) => {
    const tail = new JournalTail(directory)
    const seen: string[] = []
    const written: string[] = []
    for (let session = 0; session < 3; session++) {
      const journal = await openJournal(directory)
      for (let i = 0; i < 20; i++) {
        written.push(`${session} ${i} ${'x'.repeat(i)}`)
        await journal.append(written.at(-1)!)
        if (i % 3 === 0) seen.push(...(await readAll(tail)))
      }
      await journal.close()
      seen.push(...(await readAll(tail)))
    }
    expect(seen).toEqual(written)
    expect(await readAll(new JournalTail(directory))).toEqual(written)
  }))

it('has nothing to read where no journal is yet', () =>
  withTemporaryDirectory(async (directory) => {
    const tail = new JournalTail(join(directory, 'later'))
    expect(await tail.read()).toEqual([])
    const journal = await openJournal(join(directory, 'later'))
    await journal.append('first')
    expect(await readAll(tail)).toEqual(['first'])
    await journal.close()
  }))

it('leaves half a record until it is whole or cut off', () =>
  withTemporaryDirectory(async (directory) => {
    const journal = await openJournal(directory, 10_000)
    await journal.append('whole')
    await journal.close()
    const tail = new JournalTail(directory)
    await appendFile(join(directory, segmentName(1)), Buffer.from([9, 0, 0, 0, 1, 2]))
    expect(await readAll(tail)).toEqual(['whole'])
    const again = await openJournal(directory)
    await again.append('next')
    expect(await readAll(tail)).toEqual(['next'])
    await again.close()
  }))

it('reads a record larger than what it reads at a time', () =>
  withTemporaryDirectory(async (directory) => {
    const journal = await openJournal(directory, 1_000)
    const large = 'y'.repeat(3_000_000)
    for (const record of ['small', large, 'end']) await journal.append(record)
    await journal.close()
    expect(await readAll(new JournalTail(directory))).toEqual(['small', large, 'end'])
  }))

it('tells when what it has read does not count any more', () =>
  withTemporaryDirectory(async (directory) => {
    const journal = await openJournal(directory, 10_000)
    await journal.append('kept')
    await journal.append('lost with the machine')
    await journal.close()
    const tail = new JournalTail(directory)
    await readAll(tail)
    const file = await open(join(directory, segmentName(1)), 'r+')
    await file.truncate((await file.stat()).size - 3)
    await file.close()
    const again = await openJournal(directory)
    await again.close()
    await expect(tail.read()).rejects.toThrow(JournalException)
    expect(await readAll(new JournalTail(directory))).toEqual(['kept'])
  }))

it('tells of damage in the middle of an ended segment', () =>
  withTemporaryDirectory(async (directory) => {
    const journal = await openJournal(directory, 10_000)
    for (const record of ['one', 'two', 'three']) await journal.append(record)
    await journal.close()
    await (await openJournal(directory)).close()
    const file = await open(join(directory, segmentName(1)), 'r+')
    await file.write(Buffer.from('#'), 0, 1, 28 + 11 + 9)
    await file.close()
    const tail = new JournalTail(directory)
    expect(await tail.read()).toHaveLength(1)
    await expect(tail.read()).rejects.toThrow('Rebuild from the journal')
  }))

it('waits for the first segment when a folder has been cleared', () =>
  withTemporaryDirectory(async (directory) => {
    const journal = await openJournal(directory)
    await journal.append('gone')
    await journal.close()
    await rm(join(directory, segmentName(1)))
    expect(await new JournalTail(directory).read()).toEqual([])
  }))
