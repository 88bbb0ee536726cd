import type { ConfigPath } from './schema-tree.js'

/** Reports that values contradict each other: where, what, and which other values are part of it. */
export type Report = (path: ConfigPath, message: string, ...involved: readonly ConfigPath[]) => void

/** What the checks know besides the configuration. */
export interface ConsistencyContext {
  /** The command line says `--arm`. */
  readonly arm: boolean
  /** Names that the registry knows, where the caller has one; otherwise built-in names and those of plug-ins. */
  readonly knownExchanges: readonly string[] | undefined
}

/** One contradiction. */
export interface Contradiction {
  readonly path: ConfigPath
  readonly message: string
  /** Every path whose value is part of it. */
  readonly involved: readonly ConfigPath[]
}
