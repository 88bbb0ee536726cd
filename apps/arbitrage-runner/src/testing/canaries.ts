import { readFile, readdir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { RecordingReader } from '@cex-arbitrage/storage'

/** Every spelling in which a secret could leave: as it is, or encoded by a header, an address or a buffer. */
const spellings: readonly ((secret: string) => string)[] = [
  (secret) => secret,
  (secret) => Buffer.from(secret).toString('base64'),
  (secret) => Buffer.from(secret).toString('base64url'),
  (secret) => Buffer.from(secret).toString('hex'),
  encodeURIComponent,
]

/** What signs a single request, or opens a private stream. */
const passing: Readonly<Record<string, RegExp>> = {
  'a signature': /\b(?:signature|SIGN)["']?\s*[=:]\s*["']?[0-9a-f]{40,}/i,
  'a listen key': /listenKey=[\w-]{16,}/,
}

/** Secrets planted by name, and everywhere that was looked for them. */
export class Canaries {
  /** Bytes seen by place. */
  readonly seen = new Map<string, number>()
  /** `secret in place`. */
  readonly found: string[] = []

  constructor(private readonly secrets: Readonly<Record<string, string>>) {}

  /** @param except - Names that belong there. */
  look(place: string, text: string, except: readonly string[] = []): void {
    this.seen.set(place, (this.seen.get(place) ?? 0) + text.length)
    for (const [name, secret] of Object.entries(this.secrets))
      if (!except.includes(name) && spellings.some((spell) => text.includes(spell(secret))))
        this.found.push(`${name} in ${place}`)
    for (const [name, pattern] of Object.entries(passing))
      if (pattern.test(text)) this.found.push(`${name} in ${place}`)
  }

  /** Every file below a folder, recordings unpacked; a place is called by the file's name from there. */
  async lookThrough(folder: string, exceptIn: Readonly<Record<string, readonly string[]>> = {}): Promise<void> {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue
      const path = join(entry.parentPath, entry.name)
      const name = relative(folder, path)
      const text = path.endsWith('.arbrec') ? await unpack(path) : await readText(path)
      this.look(name, text, exceptIn[name])
    }
  }
}

/** A database takes its temporary files away when it likes. */
async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'latin1')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw error
  }
}

async function unpack(path: string): Promise<string> {
  const reader = await RecordingReader.open(path)
  const parts: string[] = []
  for await (const { data } of reader.read()) parts.push(data.toString('latin1'))
  await reader.close()
  return parts.join('\n')
}
