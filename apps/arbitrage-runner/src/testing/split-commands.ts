/** Between two commands of a line; what is behind one of these is no argument. */
const separators = new Set(['|', '||', '&&', '&', ';', '>', '>>', '2>', 'then', 'do', '\n'])
const assignment = /^[A-Z_][A-Z0-9_]*=/

/**
 * The commands of a piece of shell text as lists of words: quotes are taken away, comments and what is behind a pipe or a
 * redirection left out, variables set before a command and `sudo` too. Enough for documents, not for a shell.
 */
export function splitCommands(text: string): readonly (readonly string[])[] {
  const commands: string[][] = []
  let words: string[] = []
  const end = (): void => {
    while (words[0] !== undefined && (assignment.test(words[0]) || words[0] === 'sudo')) words.shift()
    if (words.length > 0) commands.push(words)
    words = []
  }
  const joined = text.replaceAll('\\\n', ' ')
  for (const [token, comment] of joined.matchAll(/((?<=^|\s)#[^\n]*)|\n|(?:"[^"]*"|'[^']*'|[^\s"'])+/g)) {
    if (comment !== undefined) continue
    if (separators.has(token)) end()
    else words.push(token.replaceAll(/["']/g, ''))
  }
  end()
  return commands
}
