import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { ConfigurationException } from '@cex-arbitrage/common'
import type { CaptureReplay } from '@cex-arbitrage/exchanges'
import * as z from 'zod'

const captureRecordSchema = z.object({
  ts: z.number(),
  kind: z.enum(['ws', 'http']),
  url: z.string(),
  dir: z.enum(['in', 'out']).default('in'),
  body: z.string(),
})

/**
 * Gives recorded traffic, newline-delimited JSON of `{"ts","kind","url","dir","body"}`, to a replay.
 *
 * @returns The numbers of the lines that are no capture records.
 * @throws {@link ConfigurationException} The file cannot be read.
 */
export async function feedCapture(replay: CaptureReplay, file: string): Promise<readonly number[]> {
  const unreadable: number[] = []
  let lineNumber = 0
  try {
    for await (const line of createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity })) {
      lineNumber++
      if (line.trim() === '') continue
      const record = captureRecordSchema.safeParse(parseJson(line))
      if (record.success) replay.accept(record.data)
      else unreadable.push(lineNumber)
    }
  } catch (cause) {
    throw new ConfigurationException({ message: `The capture ${file} cannot be read. Check the path.`, cause })
  }
  return unreadable
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
