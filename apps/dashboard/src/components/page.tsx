import { BooksPanel } from './books-panel.js'
import { ConnectionNotice } from './connection-notice.js'
import { EdgesPanel } from './edges-panel.js'
import { EquityPanel } from './equity-panel.js'
import { ExposurePanel } from './exposure-panel.js'
import { HaltBanner } from './halt-banner.js'
import { HealthPanel } from './health-panel.js'
import { HistoryPanel } from './history/history-panel.js'
import { LatencyPanel } from './latency-panel.js'
import { LimitsPanel } from './limits-panel.js'
import { ServicesProvider, type Services } from './services.js'
import { Summary } from './summary.js'
import { CommandProvider } from './token-dialog.js'
import { TopBar } from './top-bar.js'
import { TradesPanel } from './trades-panel.js'
import { WhyNotPanel } from './why-not-panel.js'

/** The whole page. */
export function Page({ services }: { readonly services: Services }) {
  return (
    <ServicesProvider services={services}>
      <CommandProvider>
        <a class="skip" href="#content">
          Skip to the live data
        </a>
        <TopBar />
        <main id="content" tabIndex={-1}>
          <ConnectionNotice />
          <HaltBanner />
          <Summary />
          <div class="grid">
            <EquityPanel />
            <EdgesPanel />
            <TradesPanel />
            <WhyNotPanel />
            <BooksPanel />
            <div class="stack">
              <HealthPanel />
              <ExposurePanel />
            </div>
            <HistoryPanel />
            <LatencyPanel />
            <LimitsPanel />
          </div>
        </main>
      </CommandProvider>
    </ServicesProvider>
  )
}
