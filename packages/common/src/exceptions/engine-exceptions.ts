import { CexArbitrageException } from './cex-arbitrage-exception.js'
import type { ErrorCode } from './error-codes.js'
import type { Recovery } from './recovery.js'

/** A component is registered twice. */
export class DuplicateComponentException extends CexArbitrageException {
  readonly code: ErrorCode = 'REGISTRY_DUPLICATE'
  readonly recovery: Recovery = 'halt'
}

/** No component is registered under the key asked for. */
export class MissingComponentException extends CexArbitrageException {
  readonly code: ErrorCode = 'REGISTRY_MISSING'
  readonly recovery: Recovery = 'halt'
}

/** A limit of the risk gate stands against it; nothing was sent. */
export class RiskRefusedException extends CexArbitrageException {
  readonly code: ErrorCode = 'RISK_REFUSED'
  readonly recovery: Recovery = 'reject'
}

/** The journal could not be written or read; nothing may be sent without it. */
export class JournalException extends CexArbitrageException {
  readonly code: ErrorCode = 'JOURNAL_FAILED'
  readonly recovery: Recovery = 'halt'
}

/** Ledger and exchange disagree about a balance. */
export class LedgerMismatchException extends CexArbitrageException {
  readonly code: ErrorCode = 'LEDGER_MISMATCH'
  readonly recovery: Recovery = 'halt'
}

/** Something that cannot be is. Stop opening, keep cancelling. */
export class InvariantBrokenException extends CexArbitrageException {
  readonly code: ErrorCode = 'INVARIANT_BROKEN'
  readonly recovery: Recovery = 'halt'
}

/** The component is closed or closing and takes no more work; nothing was sent. */
export class ShuttingDownException extends CexArbitrageException {
  readonly code: ErrorCode = 'SHUTTING_DOWN'
  readonly recovery: Recovery = 'reject'
}

/** The database could not be opened, asked or written. Trading goes on without it: the journal holds what matters. */
export class DatabaseException extends CexArbitrageException {
  readonly code: ErrorCode = 'DATABASE_UNAVAILABLE'
  readonly recovery: Recovery = 'retry'
}

/** A recording could not be written or read. */
export class RecordingException extends CexArbitrageException {
  readonly code: ErrorCode = 'RECORDING_FAILED'
  readonly recovery: Recovery = 'reject'
}

/** A replay did something that the recorded run had not done; what follows would mean nothing. */
export class ReplayDivergedException extends CexArbitrageException {
  readonly code: ErrorCode = 'REPLAY_DIVERGED'
  readonly recovery: Recovery = 'reject'
}

/** No engine runs where one was looked for, or it does not answer. */
export class EngineUnreachableException extends CexArbitrageException {
  readonly code: ErrorCode = 'ENGINE_UNREACHABLE'
  readonly recovery: Recovery = 'retry'
}
