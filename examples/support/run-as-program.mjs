// Lets an example be a program and a module in one: run by Node it does its work and prints; imported it only offers it.
import { realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * @param {ImportMeta} meta Of the example.
 * @param {(print: (line: string) => void, ...args: string[]) => Promise<void>} main Prints line by line; the process fails when it throws.
 */
export async function runAsProgram(meta, main) {
  const [, program, ...args] = process.argv
  if (program === undefined || realpathSync(program) !== fileURLToPath(meta.url)) return
  await main((line) => console.log(line), ...args)
}
