import { appendFile, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createRecordingLogger, type LogRecord } from '../testing/recording.js'
import { RETENTION_MS } from './bridge-constants.js'
import { OrderLedger } from './order-ledger.js'
import type { OrderRecord } from './order-record.js'
import { FileOrderStore, MemoryOrderStore } from './order-store.js'

let folder: string
let path: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'orders-'))
  path = join(folder, 'orders.jsonl')
})

afterEach(() => rm(folder, { recursive: true }))

const recordOf = (clientOrderId: string, more: Partial<OrderRecord> = {}): OrderRecord => ({
  clientOrderId,
  isMinted: false,
  exchange: 'binance',
  market: 'ETH-USDT',
  accountName: 'master_account',
  connectorName: 'binance',
  pair: 'ETH-USDT',
  side: 'buy',
  orderType: 'limit',
  amount: '1',
  price: '2',
  sentAtMs: 1_000,
  state: 'placed',
  orderId: `x-${clientOrderId}`,
  status: 'open',
  filled: '0',
  fills: [],
  pushedAmount: '0',
  ...more,
})

async function opened(nowMs = 2_000): Promise<{ store: FileOrderStore; records: OrderRecord[] }> {
  const store = new FileOrderStore(path)
  return { store, records: await store.load(nowMs) }
}

describe('FileOrderStore', () => {
  it('gives back the last state of every order, without those removed', async () => {
    const { store, records } = await opened()
    expect(records).toEqual([])
    await store.save(recordOf('a', { state: 'sending' }))
    await store.save(recordOf('b'))
    await store.save(recordOf('a', { filled: '0.5' }))
    await store.remove('b')
    await store.close()
    const again = await opened()
    expect(again.records).toEqual([recordOf('a', { filled: '0.5' })])
    await again.store.close()
  })

  it('leaves out a torn last line and what is no order', async () => {
    const { store } = await opened()
    await store.save(recordOf('a'))
    await store.close()
    await appendFile(path, '{"x":1}\n{"clientOrderId":"b","record":{"state":"odd"}}\n{"clientOrderId":"c","rec')
    const again = await opened()
    expect(again.records.map(({ clientOrderId }) => clientOrderId)).toEqual(['a'])
    await again.store.close()
  })

  it('forgets ended orders after a day', async () => {
    const { store } = await opened()
    await store.save(recordOf('open'))
    await store.save(recordOf('old', { status: 'filled', endedAtMs: 1_500 }))
    await store.save(recordOf('refused', { state: 'refused', status: 'failed' }))
    await store.close()
    const again = await opened(1_500 + RETENTION_MS)
    expect(again.records.map(({ clientOrderId }) => clientOrderId)).toEqual(['open'])
    expect(await readFile(path, 'utf8')).not.toContain('refused')
    await again.store.close()
  })

  it('refuses to write when it is not open, and to read what is no file', async () => {
    await expect(new FileOrderStore(path).save(recordOf('a'))).rejects.toThrow('is not open')
    await expect(new FileOrderStore(folder).load(0)).rejects.toThrow()
    expect((await stat(folder)).isDirectory()).toBe(true)
  })
})

describe('OrderLedger', () => {
  const broken = new (class extends MemoryOrderStore {
    override save(): Promise<void> {
      return Promise.reject(new Error('disk full'))
    }
  })()

  it('takes what was being sent before a stop for unknown', async () => {
    const { store } = await opened()
    await store.save(recordOf('a', { state: 'sending' }))
    await store.close()
    const reopened = new FileOrderStore(path)
    const ledger = new OrderLedger(reopened, createRecordingLogger())
    await ledger.load(2_000)
    await reopened.close()
    expect(ledger.unresolved).toMatchObject([{ clientOrderId: 'a', state: 'unknown' }])
  })

  it('does not hold a new order that cannot be written down, and goes on with a known one', async () => {
    const logs: LogRecord[] = []
    const ledger = new OrderLedger(broken, createRecordingLogger(logs))
    await expect(ledger.add(recordOf('a'))).rejects.toThrow('disk full')
    expect(ledger.find('a')).toBeUndefined()
    await ledger.save(recordOf('b'))
    expect(ledger.find('b')).toBeDefined()
    expect(logs).toMatchObject([{ level: 'error', fields: { clientOrderId: 'b' } }])
  })

  it('forgets ended orders after a day', async () => {
    const ledger = new OrderLedger(new MemoryOrderStore(), createRecordingLogger())
    await ledger.add(recordOf('old', { status: 'filled', endedAtMs: 1_000 }))
    await ledger.add(recordOf('new', { sentAtMs: 2_000 + RETENTION_MS }))
    expect(ledger.find('old')).toBeUndefined()
    expect(ledger.findById(recordOf('old'), 'x-old')).toBeUndefined()
  })

  it('watches a filled order until its fills are told, and an ended one for a minute', () => {
    const ledger = new OrderLedger(new MemoryOrderStore(), createRecordingLogger())
    const ended = { endedAtMs: 10_000, filled: '1' }
    void ledger.save(recordOf('told', { status: 'filled', ...ended, pushedAmount: '1' }))
    void ledger.save(recordOf('owing', { status: 'filled', ...ended }))
    void ledger.save(recordOf('cancelled', { status: 'cancelled', endedAtMs: 10_000 }))
    expect(ledger.watched(69_999).map(({ clientOrderId }) => clientOrderId)).toEqual(['owing', 'cancelled'])
    expect(ledger.watched(70_000)).toEqual([])
  })
})
