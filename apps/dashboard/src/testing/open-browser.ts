import { existsSync } from 'node:fs'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** A Chromium of this machine; `undefined` where there is none. */
export const chromiumPath = places.find((path) => existsSync(path))

if (chromiumPath === undefined && process.env['CI'])
  throw new Error('A Chromium is required here. Install it: apt-get install -y chromium')

/** Why specs that need a browser are skipped. */
export const skipReason = chromiumPath === undefined ? ' (skipped: no Chromium on this machine)' : ''

export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath!,
    args: ['--headless', '--no-sandbox', '--disable-quic', '--disable-background-networking', '--no-first-run'],
  })
}

/** A page together with everything that it complained of. */
export class WatchedPage {
  readonly complaints: string[] = []

  private constructor(readonly page: Page) {
    page.on('pageerror', (error) => this.complaints.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.complaints.push(message.text())
    })
  }

  static async open(browser: Browser, address: string, options: BrowserContextOptions = {}): Promise<WatchedPage> {
    const context = await browser.newContext(options)
    const watched = new WatchedPage(await context.newPage())
    await watched.page.goto(address)
    return watched
  }

  async close(): Promise<void> {
    await this.page.context().close()
  }
}
