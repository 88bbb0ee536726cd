import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'

const controlSchema = z.object({ address: z.url(), token: z.string().optional(), pid: z.number().int() })

/** How to reach a running engine; the token is left out where the configuration has it. */
export type EngineAddress = z.infer<typeof controlSchema>

const ownerOnly = 0o600
const ownerOnlyFolder = 0o700

/** Where a running engine says how it is reached, for its own user alone. */
export class ControlFile {
  private content: string | undefined

  constructor(private readonly path: string) {}

  /** Rejects with the system's error where the place cannot be written. */
  async write(address: EngineAddress): Promise<void> {
    const content = `${JSON.stringify(address)}\n`
    await mkdir(dirname(this.path), { recursive: true, mode: ownerOnlyFolder })
    const draft = `${this.path}.${address.pid}`
    await writeFile(draft, content, { mode: ownerOnly })
    await rename(draft, this.path)
    this.content = content
  }

  /** `undefined` when there is none, or nothing that can be understood. */
  async read(): Promise<EngineAddress | undefined> {
    try {
      return controlSchema.parse(JSON.parse(await readFile(this.path, 'utf8')))
    } catch {
      return undefined
    }
  }

  /** Removes what this object has written, unless another engine has written there since. */
  async remove(): Promise<void> {
    const present = await readFile(this.path, 'utf8').catch(() => undefined)
    if (this.content !== undefined && present === this.content) await rm(this.path)
    this.content = undefined
  }
}
