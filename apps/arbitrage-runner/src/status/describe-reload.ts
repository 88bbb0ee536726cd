import type { ConfigDifference, ConfigReload } from '@cex-arbitrage/config'

/** What a reload of the configuration came to, a line for each thing that happened. */
export function describeReload({ applied, refused, problems }: ConfigReload): string[] {
  if (problems.length > 0)
    return [
      'The configuration was not reloaded; the old one stays in force:',
      ...problems.map(({ path, message }) => `  ${path === '' ? '' : `${path}: `}${message}`),
    ]
  return [
    ...applied.map((difference) => `Configuration changed: ${describeDifference(difference)}`),
    ...refused.map((difference) => `Needs a restart: ${describeDifference(difference)}`),
  ]
}

const describeDifference = ({ path, from, to }: ConfigDifference): string => `${path} ${text(from)} → ${text(to)}`

function text(value: unknown): string {
  if (value === undefined) return 'unset'
  return typeof value === 'string' ? value : JSON.stringify(value)
}
