/** Runs an example and gives the lines that it printed. */
export async function collectOutput(
  main: (print: (line: string) => void, ...args: string[]) => Promise<void>,
  ...args: string[]
): Promise<readonly string[]> {
  const lines: string[] = []
  await main((line) => lines.push(line), ...args)
  return lines
}
