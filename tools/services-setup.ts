import { startPostgres } from './test-services.js'

/** Leaves the addresses of the services in the environment, which the test workers inherit. */
export default async function setup(): Promise<() => Promise<void>> {
  const postgres = await startPostgres()
  if ('reason' in postgres) {
    if (process.env['CI']) throw new Error(`CI needs PostgreSQL: ${postgres.reason}`)
    process.env['CEX_ARBITRAGE_TEST_POSTGRES_MISSING'] = postgres.reason
    return () => Promise.resolve()
  }
  process.env['CEX_ARBITRAGE_TEST_POSTGRES_URL'] = postgres.url
  return () => postgres.stop()
}
