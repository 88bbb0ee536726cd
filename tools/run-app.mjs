// Builds what changed, then runs the command line in this very process, so that signals reach the engine itself
// and its last lines reach the terminal.
import { buildApp } from './build-app.mjs'
import { buildDashboard } from './build-dashboard.mjs'

buildApp()
if (process.argv[2] === 'run') await buildDashboard()
process.setSourceMapsEnabled(true)
await import('../apps/arbitrage-runner/dist/main.js')
