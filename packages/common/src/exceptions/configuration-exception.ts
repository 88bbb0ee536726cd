import { CexArbitrageException, type ExceptionOptions } from './cex-arbitrage-exception.js'

/** One thing wrong in a configuration: where, what, and what is allowed. */
export interface ConfigurationProblem {
  /** Dotted path, `exchanges.mexc.apiKey`. */
  readonly path: string
  readonly message: string
}

/** The configuration cannot be used. Carries every problem, not the first. */
export class ConfigurationException extends CexArbitrageException {
  readonly code = 'CONFIGURATION_INVALID'
  readonly recovery = 'halt'
  readonly problems: readonly ConfigurationProblem[]

  constructor(options: ExceptionOptions & { readonly problems?: readonly ConfigurationProblem[] }) {
    super(options)
    this.problems = options.problems ?? []
  }
}
