import type { Timer } from '@cex-arbitrage/common'

import type { TradingSymbol } from '../../../matching/trading-symbol.js'
import type { FrameInfo, StreamSession } from '../../../server/stream-session.js'
import { findContract } from './contracts.js'
import type { FuturesStreamsParts } from './futures-streams.js'
import { isSameSignature, signFutures } from './futures-signature.js'

const silentMs = 60_000
const loginWindowMs = 60_000
const depthLimits = [5, 10, 20]
/** Streams of one contract. */
const perContract = ['depth', 'depth.full', 'ticker', 'deal', 'funding.rate', 'index.price', 'fair.price', 'kline']
/** Streams of all contracts. */
const overAll = ['tickers', 'contract']

interface Message {
  readonly method: string
  readonly param: Readonly<Record<string, unknown>>
  readonly subscribe: boolean
}

export interface FuturesSessionParts extends FuturesStreamsParts {
  readonly session: StreamSession
}

/** One connection to the streams of perpetuals. It ends a minute after its last ping, whatever flows. */
export class FuturesSession {
  private readonly streams = new Set<string>()
  private readonly depths = new Map<string, number>()
  private accountId: string | undefined
  /** Personal streams that were chosen; all of them when absent. */
  private filters: ReadonlySet<string> | undefined
  private timer: Timer | undefined

  constructor(private readonly parts: FuturesSessionParts) {
    const { session } = parts
    session.onMessage((data) => this.receive(data.toString('utf8')))
    session.onClose(() => this.timer?.cancel())
    this.postpone()
  }

  hears(name: string, symbol: TradingSymbol | undefined): boolean {
    return this.streams.has(symbol === undefined ? name : `${name} ${symbol.name}`)
  }

  /** Levels of the whole books that it wants; `undefined` when it wants none. */
  depthLimit(symbol: TradingSymbol): number | undefined {
    return this.depths.get(symbol.name)
  }

  hearsPersonal(accountId: string, name: string): boolean {
    return this.accountId === accountId && this.filters?.has(name) !== false
  }

  send(frame: string, info: FrameInfo): void {
    this.parts.session.push(frame, info)
  }

  expire(rule: Parameters<StreamSession['matches']>[0]): void {
    if (this.parts.session.matches(rule)) this.accountId = undefined
  }

  private receive(raw: string): void {
    const message = parse(raw)
    if (message === undefined) return
    const { method, param, subscribe } = message
    this.parts.host.countRequest(`WS ${method}`)
    if (method === 'ping') {
      this.postpone()
      this.answer('pong', this.parts.market.clock.nowMs())
    } else if (method === 'login') this.login(param, subscribe)
    else if (method === 'personal.filter') this.filter(param)
    else if (method.startsWith('sub.')) this.subscribe(method.slice('sub.'.length), param, method)
    else if (method.startsWith('unsub.')) this.unsubscribe(method.slice('unsub.'.length), param, method)
  }

  /** Unknown streams get no answer; without the contract that it needs, a subscription closes the socket. */
  private subscribe(name: string, param: Message['param'], method: string): void {
    if (overAll.includes(name)) this.streams.add(name)
    else if (!perContract.includes(name)) return
    else if (param['symbol'] === undefined) {
      this.parts.session.close()
      return
    } else {
      const symbol = findContract(this.parts.market, param['symbol'])
      if (symbol === undefined) {
        this.answer('rs.error', `Contract [${textOf(param['symbol'])}] not exists`)
        return
      }
      this.streams.add(`${name} ${symbol.name}`)
      if (name === 'depth.full') {
        const limit = Number(param['limit'] ?? 20)
        this.depths.set(symbol.name, depthLimits.includes(limit) ? limit : 20)
      }
    }
    this.answer(`rs.${method}`, 'success')
  }

  private unsubscribe(name: string, param: Message['param'], method: string): void {
    const symbol = findContract(this.parts.market, param['symbol'])
    this.streams.delete(symbol === undefined ? name : `${name} ${symbol.name}`)
    if (symbol !== undefined && name === 'depth.full') this.depths.delete(symbol.name)
    this.answer(`rs.${method}`, 'success')
  }

  private login({ apiKey, reqTime, signature }: Message['param'], subscribe: boolean): void {
    const { host, session } = this.parts
    const key = String(apiKey)
    const caller = host.core.accounts.findByKey(key)
    const time = String(reqTime)
    const isPunctual = Math.abs(host.clock.nowMs() - Number(time)) <= loginWindowMs
    const expected = caller && signFutures(caller.apiKey.secret, key, time, '')
    if (expected === undefined || !isPunctual || !isSameSignature(expected, String(signature))) {
      this.answer('rs.error', isPunctual ? 'Verify failed' : 'Invalid request')
      return
    }
    this.accountId = caller!.account.id
    session.apiKey = key
    session.scope = 'private'
    this.filters = subscribe ? undefined : new Set()
    this.answer('rs.login', 'success')
  }

  private filter({ filters }: Message['param']): void {
    if (this.accountId === undefined || !Array.isArray(filters)) {
      this.answer('rs.error', 'Verify failed')
      return
    }
    const names = filters.map((item: unknown) => String((item as Record<string, unknown> | null)?.['filter']))
    this.filters = names.length === 0 ? undefined : new Set(names)
    this.answer('rs.personal.filter', 'success')
  }

  private answer(channel: string, data: unknown): void {
    const { host, market, session } = this.parts
    session.reply(JSON.stringify({ channel, data, ts: market.clock.nowMs() }), host.latency.drawMs('ack'))
  }

  private postpone(): void {
    this.timer?.cancel()
    this.timer = this.parts.host.clock.setTimer(() => this.parts.session.close(), silentMs)
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

function parse(raw: string): Message | undefined {
  try {
    const { method, param, subscribe } = JSON.parse(raw) as Record<string, unknown>
    if (typeof method !== 'string') return undefined
    const isObject = typeof param === 'object' && param !== null
    return { method, param: isObject ? (param as Message['param']) : {}, subscribe: subscribe !== false }
  } catch {
    return undefined
  }
}
