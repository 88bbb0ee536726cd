import { systemClock } from '@cex-arbitrage/common'
import { FileJournal } from '../journal/file-journal.js'
import { textCodec } from './text-codec.js'

// A process to be killed: appends numbers without end, says each one after it has become durable, and sums up now and then.
const [, , directory = '.', from = '0'] = process.argv
const journal = await FileJournal.open({ directory, codec: textCodec, clock: systemClock, maxSegmentBytes: 2_000 })
for (let number = Number(from); ; number += 3) {
  const group = [number, number + 1, number + 2]
  await Promise.all(group.map(async (record) => journal.append(String(record))))
  process.stdout.write(`${number + 2}\n`)
  if (number % 4 === 0) journal.checkpoint([`up to ${number + 2}`])
}
