import { createAssetId, Decimal, type Balance } from '@cex-arbitrage/common'
import { ManualClock } from '@cex-arbitrage/common/testing'
import { beforeEach, describe, expect, it } from 'vitest'
import { walletIntervalMs, walletRetryMs } from './constants.js'
import { WalletWatch } from './wallet-watch.js'

let clock: ManualClock
let questions: { answer: (free: number) => void; fail: () => void }[]
let told: string[]
let failures: number
let watch: WalletWatch
const tell = (balance: Balance): void => void told.push(balance.free.toString())
/** Lets what was answered reach the watch. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve))

beforeEach(() => {
  clock = new ManualClock()
  questions = []
  told = []
  failures = 0
  const ask = () =>
    new Promise<Balance>((resolve, reject) => {
      questions.push({
        answer: (free) => resolve({ asset: createAssetId('USDT'), free: Decimal.of(free), locked: Decimal.zero }),
        fail: () => reject(new Error('no')),
      })
    })
  watch = new WalletWatch(clock, ask, () => failures++)
})

describe('WalletWatch', () => {
  it('asks once for changes that come together, and again for those that came meanwhile', async () => {
    watch.onChange(tell)
    watch.onChange(tell)
    expect(questions).toHaveLength(1)
    questions[0]!.answer(1)
    await settle()
    expect(told).toEqual(['1'])
    await clock.advance(walletIntervalMs)
    expect(questions).toHaveLength(2)
    questions[1]!.answer(2)
    await settle()
    await clock.advance(walletIntervalMs)
    expect(questions).toHaveLength(2)
    expect(told).toEqual(['1', '2'])
    watch.onChange(tell)
    expect(questions).toHaveLength(3)
  })

  it('asks again after a question that failed', async () => {
    watch.onChange(tell)
    questions[0]!.fail()
    await settle()
    expect(failures).toBe(1)
    await clock.advance(walletRetryMs)
    questions[1]!.answer(5)
    await settle()
    expect(told).toEqual(['5'])
  })

  it('tells nothing once it is stopped, and asks anew for a later change', async () => {
    watch.onChange(tell)
    watch.onChange(tell)
    watch.stop()
    questions[0]!.answer(1)
    await settle()
    await clock.advance(walletIntervalMs)
    expect([told, questions.length]).toEqual([[], 1])
    watch.onChange(tell)
    watch.stop()
    questions[1]!.fail()
    await settle()
    expect(failures).toBe(0)
    watch.onChange(tell)
    questions[2]!.answer(3)
    await settle()
    expect(told).toEqual(['3'])
  })
})
