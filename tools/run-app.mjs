// Builds what changed, then runs the command line in this very process, so that signals reach the engine itself
// and its last lines reach the terminal.
import { buildApp } from './build-app.mjs'
import { buildDashboard } from './build-dashboard.mjs'

buildApp()
if (process.argv[2] === 'run') await buildDashboard()
process.setSourceMapsEnabled(true)
if (process.env['npm_lifecycle_event'] !== undefined) stopWithNpm()
await import('../apps/arbitrage-runner/dist/main.js')

/** npm ends at a SIGTERM without passing it on; what it started would be left behind and go on trading. */
function stopWithNpm() {
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    process.kill(process.pid, 'SIGTERM')
  }, 250)
  watch.unref()
}
