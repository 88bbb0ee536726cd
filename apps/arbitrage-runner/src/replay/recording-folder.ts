import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ConfigurationException, RecordingException } from '@cex-arbitrage/common'
import { loadConfig, parseOverrides, type EngineConfig } from '@cex-arbitrage/config'
import type { ExecutionRecord } from '@cex-arbitrage/trading'
import { z } from 'zod'
import { toStorable } from './session-config.js'

const manifestSchema = z.strictObject({
  format: z.literal(1),
  /** Unix milliseconds. */
  startMs: z.number().int(),
  seed: z.number().int().nonnegative(),
  /** What was recorded: local venues, or public streams. */
  source: z.enum(['simulated', 'paper']),
})

export type RecordingManifest = z.infer<typeof manifestSchema>

/** Where two runs part: a record of each, as JSON; `undefined` where one had ended. */
export interface DecisionDifference {
  readonly index: number
  readonly recorded: string | undefined
  readonly replayed: string | undefined
}

/** The files of one recording. */
export class RecordingFolder {
  constructor(readonly path: string) {}

  get framesPath(): string {
    return join(this.path, 'frames.arbrec')
  }

  get resultPath(): string {
    return join(this.path, 'result.json')
  }

  private get decisionsPath(): string {
    return join(this.path, 'decisions.ndjson')
  }

  private get manifestPath(): string {
    return join(this.path, 'recording.json')
  }

  private get configPath(): string {
    return join(this.path, 'config.json')
  }

  /** @throws {@link RecordingException} The folder cannot be made, or holds a recording. */
  async create(manifest: RecordingManifest, config: EngineConfig): Promise<void> {
    try {
      await mkdir(this.path, { recursive: true })
      await writeFile(this.manifestPath, toText(manifest), { flag: 'wx' })
      await writeFile(this.configPath, toText(toStorable(config)))
    } catch (cause) {
      const message = `${this.path} cannot take a recording: ${(cause as Error).message}. Name a new folder.`
      throw new RecordingException({ message, cause })
    }
  }

  /**
   * @param set - Settings laid over those of the recording, as `path=value`.
   * @throws {@link RecordingException} It is no recording. @throws {@link ConfigurationException} A setting is wrong.
   */
  async open(
    set: readonly string[] = [],
  ): Promise<{ readonly manifest: RecordingManifest; readonly config: EngineConfig }> {
    try {
      const manifest = manifestSchema.parse(JSON.parse(await readFile(this.manifestPath, 'utf8')))
      return { manifest, config: loadConfig({ file: this.configPath, env: {}, overrides: parseOverrides(set) }) }
    } catch (cause) {
      if (cause instanceof ConfigurationException) throw cause
      const why = (cause as Error).message
      throw new RecordingException({ message: `${this.path} is no recording that can be read: ${why}`, cause })
    }
  }

  /** What the recorded run came to, and every record of its journal, one a line. */
  async writeResult(result: unknown, records: readonly ExecutionRecord[]): Promise<void> {
    await writeFile(this.resultPath, toText(result))
    await writeFile(this.decisionsPath, records.map((record) => `${JSON.stringify(record)}\n`).join(''))
  }

  /**
   * The first record in which a replay differs from the recorded run; `undefined` when they are equal, or when the
   * recorded run was cut before it could write them.
   */
  async firstDifference(records: readonly ExecutionRecord[]): Promise<DecisionDifference | undefined> {
    const text = await readFile(this.decisionsPath, 'utf8').catch(() => undefined)
    if (text === undefined) return undefined
    const recorded = text.split('\n').filter((line) => line !== '')
    const replayed = records.map((record) => JSON.stringify(record))
    const index = Array.from({ length: Math.max(recorded.length, replayed.length) }).findIndex(
      (_, at) => recorded[at] !== replayed[at],
    )
    return index < 0 ? undefined : { index, recorded: recorded[index], replayed: replayed[index] }
  }
}

const toText = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`
