import { resolve } from 'node:path'
import { createRequire } from 'node:module'
import { waitFor } from '@cex-arbitrage/common/testing'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { LocalEngine } from './testing/local-engine.js'
import { WatchedPage, chromiumPath, openBrowser, skipReason } from './testing/open-browser.js'

const desktop = { width: 1440, height: 1000 }
const phone = { width: 390, height: 844 }
const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
/** Where pictures for the documents go, when they are asked for. */
const pictures =
  process.env['CEX_ARBITRAGE_TEST_PICTURES'] === '1' ? resolve(import.meta.dirname, '../../../docs/images') : undefined

interface AxeFault {
  readonly id: string
  readonly impact: string
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[]
}

/** Serious and critical faults that axe finds. */
async function findFaults(page: Page): Promise<readonly string[]> {
  await page.evaluate(await import('node:fs/promises').then((fs) => fs.readFile(axePath, 'utf8')))
  const violations = (await page.evaluate('axe.run().then((result) => result.violations)')) as AxeFault[]
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.html} ${node.failureSummary}`).join('; ')}`)
}

const tradeCount = async (page: Page): Promise<number> =>
  Number((await page.getByTestId('trade-count').textContent())!.replaceAll(/\D/g, ''))

async function untilTrades(page: Page, atLeast: number): Promise<void> {
  await waitFor(async () => (await tradeCount(page)) >= atLeast, `${atLeast} trades on the page`, 14_000)
}

describe.skipIf(chromiumPath === undefined)(`the page in Chromium${skipReason}`, () => {
  let browser: Browser
  let engine: LocalEngine
  const open: WatchedPage[] = []

  const show = async (options: Parameters<typeof WatchedPage.open>[2] = {}, hash = `/#token=${LocalEngine.token}`) => {
    const watched = await WatchedPage.open(browser, `${engine.address}${hash}`, { viewport: desktop, ...options })
    open.push(watched)
    return watched
  }

  beforeAll(async () => {
    ;[browser, engine] = await Promise.all([openBrowser(), LocalEngine.start()])
  })

  afterEach(async () => {
    for (const watched of open.splice(0)) await watched.close()
  })

  afterAll(async () => {
    await browser?.close()
    await engine?.stop()
  })

  it('shows books, edges, trades and equity within ten seconds, and complains of nothing', async () => {
    const from = performance.now()
    const { page, complaints } = await show({}, '/')
    await untilTrades(page, 1)
    expect(performance.now() - from).toBeLessThan(10_000)
    await page.locator('tr.trade').first().waitFor()
    expect(await page.locator('table.book').count()).toBe(2)
    expect(await page.locator('.book tr.bid').count()).toBeGreaterThan(2)
    expect(await page.locator('.edges tbody tr').count()).toBe(3)
    expect(await page.locator('.equity canvas').count()).toBe(1)
    expect(await page.locator('.badge.state-trading').count()).toBe(1)
    expect(complaints).toEqual([])
  })

  it('changes numbers in their place while books move, and puts no element anew', async () => {
    const { page } = await show()
    await page.locator('table.book').first().waitFor()
    const parts = await page
      .locator('.panel, table.book, tr.bid, tr.ask, .edges tbody tr, .equity canvas')
      .elementHandles()
    const before = await page.locator('.books').textContent()
    await waitFor(async () => (await page.locator('.books').textContent()) !== before, 'books that moved')
    await untilTrades(page, (await tradeCount(page)) + 1)
    for (const part of parts) expect(await part.evaluate((element) => element.isConnected)).toBe(true)
  })

  it('takes the token out of the address', async () => {
    const { page } = await show()
    await waitFor(() => !page.url().includes('token'), 'an address without the token')
  })

  it('stops opening with the kill switch, says why, and goes on when it is taken back', async () => {
    const { page, complaints } = await show()
    await untilTrades(page, 1)
    await page.keyboard.press('Tab')
    await page.getByRole('button', { name: 'Kill switch' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('alert').getByText('Halted: api.').waitFor()
    expect(await page.locator('.badge.state-halted').count()).toBe(1)
    expect(await findFaults(page)).toEqual([])
    const model = async () =>
      (await (await fetch(`${engine.address}/model`)).json()) as { counters: { approvals: number } }
    const approved = (await model()).counters.approvals
    await waitFor(
      async () => page.locator('.why-not').getByText('Halted', { exact: false }).isVisible(),
      'a refusal by the halt',
      14_000,
    )
    expect((await model()).counters.approvals).toBe(approved)
    await page.getByRole('alert').getByRole('button', { name: 'Resume' }).click()
    await page.locator('.badge.state-trading').waitFor()
    await waitFor(async () => (await model()).counters.approvals > approved, 'a trade after the halt', 14_000)
    expect(complaints).toEqual([])
  }, 40_000)

  it('pauses and starts again', async () => {
    const { page } = await show()
    await page.getByRole('button', { name: 'Pause' }).click()
    await page.getByRole('alert').getByText('Halted: pause.').waitFor()
    await page.getByRole('button', { name: 'Start' }).click()
    await page.locator('.badge.state-trading').waitFor()
  })

  it('asks for the token where it has none, and refuses a wrong one', async () => {
    const { page } = await show({}, '/')
    await page.getByRole('button', { name: 'Kill switch' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.waitFor()
    expect(await findFaults(page)).toEqual([])
    await dialog.getByLabel('Token', { exact: true }).fill('wrong')
    await dialog.getByRole('button', { name: 'Use it' }).click()
    await page.getByText('Show the token of this engine').waitFor()
    await dialog.getByLabel('Token', { exact: true }).fill(LocalEngine.token)
    await dialog.getByRole('button', { name: 'Use it' }).click()
    await page.getByRole('alert').getByText('Halted: api.').waitFor()
    await page.getByRole('alert').getByRole('button', { name: 'Resume' }).click()
    await page.locator('.badge.state-trading').waitFor()
  })

  it('changes a limit, shows that it was changed, and takes it back', async () => {
    const { page } = await show()
    await page.getByText('Show all').click()
    const limit = page.locator('.limit-list').getByLabel('Max daily loss')
    const before = await limit.inputValue()
    await limit.fill('77.5')
    await limit.press('Enter')
    await page.getByRole('button', { name: 'Reset' }).click()
    await waitFor(async () => (await limit.inputValue()) === before, 'the configured limit')
    await limit.fill('-1')
    await limit.press('Enter')
    await page.locator('.toast').getByText('risk.maxDailyLoss').waitFor()
  })

  it('opens what a trade is made of', async () => {
    const { page } = await show()
    await untilTrades(page, 1)
    await page.locator('tr.trade button').last().click()
    for (const part of ['latency', 'slippage', 'fees', 'rounding', 'partial fill', 'unwind'])
      await page.locator('tr.details').getByText(part, { exact: true }).waitFor()
  })

  it('shows what was stored: days, equity, and every trade by pages and filters', async () => {
    const { page, complaints } = await show()
    await untilTrades(page, 1)
    const history = page.locator('.history')
    await history.scrollIntoViewIfNeeded()
    const days = page.getByTestId('history-days')
    await days.getByRole('button').first().waitFor()
    const trades = page.getByTestId('history-trades').locator('tr.trade')
    const refresh = history.getByRole('button', { name: 'Refresh' })
    const older = history.getByRole('button', { name: 'Older' })
    await waitFor(
      async () => {
        await refresh.click()
        await trades.first().waitFor()
        return older.isEnabled()
      },
      'more than a page of stored trades',
      25_000,
    )
    expect(await trades.count()).toBe(20)
    const newest = await trades.first().textContent()
    await older.click()
    await history.getByText('Page 2').waitFor()
    await waitFor(async () => (await trades.first().textContent()) !== newest, 'the second page')
    await history.getByRole('button', { name: 'Newer' }).click()
    await history.getByText('Page 1').waitFor()
    await history.getByRole('combobox', { name: 'Symbol' }).selectOption('ETH/USDT')
    await waitFor(async () => {
      const symbols = await trades.locator('[data-label="Symbol"]').allTextContents()
      return symbols.every((symbol) => symbol === 'ETH/USDT')
    }, 'trades of one symbol')
    await history.getByRole('combobox', { name: 'End' }).selectOption('halted')
    await history.getByText('No such trade.').waitFor()
    await history.getByRole('combobox', { name: 'End' }).selectOption('completed')
    await trades.first().getByRole('button').click()
    await history
      .getByText(/^fill: /)
      .first()
      .waitFor()
    await days.getByRole('button').first().click()
    await history.getByText(/^Trades of \d{4}-\d{2}-\d{2}$/).waitFor()
    await history.getByRole('combobox', { name: 'Runs' }).selectOption('mode:simulated')
    await history.getByText('Trades of the whole time', { exact: true }).waitFor()
    await trades.first().waitFor()
    expect(await history.locator('.chart').getAttribute('aria-label')).toMatch(/^Worth of everything held/)
    expect(await findFaults(page)).toEqual([])
    expect(complaints).toEqual([])
  }, 60_000)

  it.each([
    ['desktop', 'light', desktop],
    ['desktop', 'dark', desktop],
    ['phone', 'light', phone],
    ['phone', 'dark', phone],
  ] as const)(
    'has no serious accessibility fault and nothing beyond its width: %s, %s',
    async (device, colorScheme, viewport) => {
      const { page } = await show({ viewport, colorScheme, deviceScaleFactor: device === 'phone' ? 2 : 1 })
      await untilTrades(page, pictures === undefined ? 1 : 12)
      await page.locator('tr.trade').first().waitFor()
      expect(await findFaults(page)).toEqual([])
      const { wide, shown } = await page.evaluate(() => ({
        wide: document.documentElement.scrollWidth,
        shown: document.documentElement.clientWidth,
      }))
      expect(wide).toBeLessThanOrEqual(shown)
      if (pictures === undefined) return
      const path = `${pictures}/page-${device}-${colorScheme}`
      if (device === 'desktop') {
        // All of it in sight, the history too, which asks for nothing before.
        await page.setViewportSize({ ...viewport, height: 3_200 })
        await page.getByTestId('history-trades').locator('tr.trade').nth(9).waitFor()
        const top = await page.locator('.history').evaluate((element) => element.getBoundingClientRect().top)
        await page.screenshot({ path: `${path}.png`, clip: { x: 0, y: 0, width: viewport.width, height: top } })
        await page.locator('.history .disclose').first().click()
        await page
          .locator('.history')
          .getByText(/^fill: /)
          .first()
          .waitFor()
        if (colorScheme === 'light') await page.locator('.history').screenshot({ path: `${pictures}/page-history.png` })
        return
      }
      await page.screenshot({ path: `${path}.png` })
      if (colorScheme === 'dark') return
      await page.locator('.trades').evaluate((element) => element.scrollIntoView())
      await page.screenshot({ path: `${path}-trades.png` })
    },
    40_000,
  )

  it('says that the engine is gone, and comes back by itself when it is there again', async () => {
    const { page } = await show()
    await untilTrades(page, 1)
    const { port } = engine
    await engine.stop()
    await page.getByText('The connection to the engine is lost').waitFor()
    engine = await LocalEngine.start(port)
    await page.getByText('The connection to the engine is lost').waitFor({ state: 'hidden' })
    await untilTrades(page, 1)
    await page.getByRole('button', { name: 'Pause' }).click()
    await page.getByRole('alert').getByText('Halted: pause.').waitFor()
  }, 40_000)
})
