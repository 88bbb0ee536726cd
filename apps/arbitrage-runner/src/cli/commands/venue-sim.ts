import { ConfigurationException } from '@cex-arbitrage/common'
import { createVenue, venueNames, type VenueName } from '@cex-arbitrage/simulator'
import { InvalidArgumentError, Option, type Command } from 'commander'
import { untilStopped } from '../../lifecycle/until-stopped.js'
import type { CommandContext } from '../command-context.js'

interface VenueSimOptions {
  readonly exchange: VenueName
  readonly port: number
  readonly seed: number
}

export function addVenueSimCommand(program: Command, context: CommandContext): void {
  program
    .command('venue-sim')
    .description(
      'Runs a local exchange that speaks the real wire protocol, for any client; prints one JSON line when ready.',
    )
    .addOption(new Option('--exchange <name>', 'exchange to be').choices(venueNames).makeOptionMandatory())
    .option('--port <number>', 'port on loopback; 0 takes a free one', wholeNumber(0, 65_535), 0)
    .option('--seed <number>', 'the same seed gives the same market', wholeNumber(0, 4_294_967_295), 1)
    .addHelpText(
      'after',
      `
The line: {"ready":true,"exchange","rest","ws","futuresWs","admin","apiKey","secret"}; "futuresWs" is the stream of
perpetuals, where the exchange has them. Faults and ground truth are under the admin address.

Example:
  arb venue-sim --exchange gateio --port 0 --seed 7`,
    )
    .action(async (options: VenueSimOptions) => {
      const venue = createVenue(options.exchange, { port: options.port, seed: options.seed, clock: context.clock })
      const { rest, ws, futuresWs, admin, apiKey, secret } = await venue.start().catch((cause: unknown) => {
        throw new ConfigurationException({
          message: `Port ${options.port} cannot be used. Choose another, or 0.`,
          cause,
        })
      })
      const address = { exchange: options.exchange, rest, ws, futuresWs, admin, apiKey, secret }
      context.output.line(JSON.stringify({ ready: true, ...address }))
      await untilStopped(context.stopSignal)
      await venue.close()
    })
}

function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (/^\d+$/.test(text) && value >= min && value <= max) return value
    throw new InvalidArgumentError(`Use a whole number from ${min} to ${max}.`)
  }
}
