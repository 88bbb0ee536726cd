import { buildDashboard } from './build-dashboard.mjs'

/** Specs in a browser look at the page as it is built. */
export async function setup(): Promise<void> {
  await buildDashboard()
}
