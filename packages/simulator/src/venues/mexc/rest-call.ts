import type { Account, ApiKey } from '../../accounts/account-book.js'
import type { RestRequest } from '../../server/rest-exchange.js'
import { mexcErrors, MexcRefusal, missingParameter } from './api-error.js'
import type { AccountPool } from './rate-gate.js'
import type { RequestParameters } from './request-parameters.js'

/** Who may call a route: everybody, or holders of a key that reads or trades. */
export type Security = 'public' | 'read' | 'trade'

/** One route: what it costs, who may call it, and what it answers with status 200. */
export interface MexcRoute {
  /** Weight on the address's pool. */
  readonly weight: number
  readonly security: Security
  /** Pools of the account that it spends from besides the general one. */
  readonly pools?: readonly AccountPool[]
  readonly handle: (call: RestCall) => unknown
}

/** One call that passed the checks of its route, with its parameters read on demand. */
export class RestCall {
  constructor(
    readonly request: RestRequest,
    readonly parameters: RequestParameters,
    private readonly caller: { readonly account: Account; readonly apiKey: ApiKey } | undefined,
    readonly nowMs: number,
  ) {}

  /** @throws Error on a public route, which is a mistake of the route table. */
  get account(): Account {
    if (this.caller === undefined) throw new Error(`${this.request.path} has no caller.`)
    return this.caller.account
  }

  get apiKey(): ApiKey {
    if (this.caller === undefined) throw new Error(`${this.request.path} has no caller.`)
    return this.caller.apiKey
  }

  /** `undefined` when absent or empty. */
  text(name: string): string | undefined {
    const value = this.parameters.values.get(name)
    return value === '' ? undefined : value
  }

  /** @throws MexcRefusal 700004 when absent or empty. */
  required(name: string): string {
    return this.text(name) ?? refuse(missingParameter(name))
  }

  /** A whole number. @throws MexcRefusal 700004 when it is none. */
  integer(name: string): number | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    return /^\d{1,16}$/.test(text) ? Number(text) : refuse(missingParameter(name))
  }

  /** A page size between 1 and `max`; larger ones are cut. */
  limit(fallback: number, max: number): number {
    const limit = this.integer('limit') ?? fallback
    return limit === 0 ? refuse(mexcErrors.badCombination) : Math.min(limit, max)
  }
}

/** @throws MexcRefusal always. */
export function refuse(error: MexcRefusal['error']): never {
  throw new MexcRefusal(error)
}

/** The envelope of the fee and group routes. */
export const success = (call: RestCall, data: unknown) => ({ data, code: 0, msg: 'success', timestamp: call.nowMs })
