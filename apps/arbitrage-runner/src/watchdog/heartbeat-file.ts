import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'

const beatSchema = z.object({
  /** Of the journal's lock: grows with every engine that has held the journal. */
  fencingToken: z.number().int().nonnegative(),
  pid: z.number().int().positive(),
  /** Grows with every beat of one engine. */
  sequence: z.number().int().nonnegative(),
  /** `stopped` once the engine has proven that nothing rests. */
  state: z.enum(['alive', 'stopped']),
})

/** A sign of life of an engine. */
export type Heartbeat = z.infer<typeof beatSchema>

/** Where an engine shows that it lives. */
export class HeartbeatFile {
  constructor(private readonly path: string) {}

  /** Replaces the file in one step, so that nobody reads half of a beat. Rejects with the system's error. */
  async write(beat: Heartbeat): Promise<void> {
    await mkdir(dirname(this.path), { recursive: true })
    const draft = `${this.path}.${beat.pid}`
    await writeFile(draft, JSON.stringify(beat))
    await rename(draft, this.path)
  }

  /** `undefined` when there is none, or nothing that can be understood. */
  async read(): Promise<Heartbeat | undefined> {
    try {
      return beatSchema.parse(JSON.parse(await readFile(this.path, 'utf8')))
    } catch {
      return undefined
    }
  }
}
