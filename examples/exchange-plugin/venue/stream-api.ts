import type { FrameInfo, StreamSession, VenueHost, VenueOrder } from '@cex-arbitrage/simulator'
import { authenticate } from './authentication.js'
import { findSymbol, spell, viewFill, viewOrder } from './views.js'

interface Request {
  readonly op: string
  readonly id: number
  readonly topics?: readonly string[]
  readonly key?: string
  readonly time?: string
  readonly sign?: string
}

/** What the WebSocket says: topics `book:SYMBOL` and `trades:SYMBOL` to everybody, `account` to whoever has logged in. */
export class SampleStreamApi {
  private readonly topics = new Map<StreamSession, Set<string>>()
  private readonly accounts = new Map<StreamSession, string>()

  constructor(private readonly host: VenueHost) {
    host.core.listen({
      onBookChange: ({ symbol, side, priceTicks, lots, sequence, atMs }) => {
        const rules = host.core.symbols.get(symbol)!
        const level = [rules.price(priceTicks).toString(), rules.quantity(lots).toString()]
        const levels = side === 'buy' ? { bids: [level], asks: [] } : { bids: [], asks: [level] }
        this.publish('book', symbol, { first: sequence, last: sequence, time: atMs, ...levels })
      },
      onTrade: ({ symbol, tradeId, side, priceTicks, lots, atMs }) => {
        const rules = host.core.symbols.get(symbol)!
        const [price, quantity] = [rules.price(priceTicks).toString(), rules.quantity(lots).toString()]
        this.publish('trades', symbol, { id: String(tradeId), side, price, quantity, time: atMs })
      },
      onOrder: (order) => this.tell(order, { order: viewOrder(order) }),
      onFill: (fill, order) => this.tell(order, { fill: viewFill(fill, order) }),
      onBalance: ({ accountId, asset, free, locked }) => {
        const balance = { asset, free: free.toString(), locked: locked.toString(), time: host.clock.nowMs() }
        this.tell({ accountId }, { balance })
      },
    })
  }

  open(session: StreamSession): void {
    this.topics.set(session, new Set())
    session.onClose(() => {
      this.topics.delete(session)
      this.accounts.delete(session)
    })
    session.onMessage((data) => {
      const request = JSON.parse(data.toString()) as Request
      session.reply(JSON.stringify(this.answer(session, request)), this.host.latency.drawMs('ack'))
    })
  }

  private answer(session: StreamSession, request: Request): object {
    const { op, id, topics = [] } = request
    const held = this.topics.get(session)!
    if (op === 'ping') return { op: 'pong' }
    if (op === 'login') return this.login(session, request)
    const known = topics.filter((topic) => findSymbol(this.host, topic.split(':')[1] ?? '') !== undefined)
    for (const topic of known)
      if (op === 'subscribe') held.add(topic)
      else held.delete(topic)
    return { id, accepted: known, refused: topics.filter((topic) => !known.includes(topic)) }
  }

  private login(session: StreamSession, { id, key = '', time = '', sign = '' }: Request): object {
    const account = authenticate(this.host, { key, time, sign, method: '', target: '', body: '' })
    if (typeof account === 'string') return { id, error: account }
    session.apiKey = key
    session.scope = 'private'
    this.accounts.set(session, account.id)
    return { id, accepted: ['account'], refused: [] }
  }

  private publish(channel: string, symbol: string, body: object): void {
    const topic = `${channel}:${spell(this.host.core.symbols.get(symbol)!)}`
    const info: FrameInfo = { channel, scope: 'public', symbol }
    for (const [session, topics] of this.topics)
      if (topics.has(topic)) session.push(JSON.stringify({ topic, ...body }), info)
  }

  private tell({ accountId }: Pick<VenueOrder, 'accountId'>, body: object): void {
    for (const [session, owner] of this.accounts)
      if (owner === accountId)
        session.push(JSON.stringify({ topic: 'account', ...body }), { channel: 'account', scope: 'private' })
  }
}
