// Renders config.example.yaml from the JSON Schema of the configuration: every key, its default, its range, its meaning.

/** @typedef {import('@cex-arbitrage/config').JsonSchemaNode} Node */

const width = 116

/** What stands for keys that have no default, by path. `null` writes the key as a comment. */
const samples = /** @type {Record<string, string | undefined>} */ ({
  'exchanges.mexc.apiKey': '${MEXC_API_KEY:-}',
  'exchanges.mexc.secret': '${MEXC_API_SECRET:-}',
  'exchanges.gateio.apiKey': '${GATEIO_API_KEY:-}',
  'exchanges.gateio.secret': '${GATEIO_API_SECRET:-}',
  'server.token': '${ARBITRAGE_SERVER_TOKEN:-}',
  'strategies.*.makerExchange': 'mexc',
  'strategies.*.hedgeExchange': 'gateio',
})

const head = `# yaml-language-server: $schema=./config.schema.json
#
# Every setting with its default. Delete what you do not change; an empty file runs the simulated mode.
# Generated from the schemas by \`node tools/write-config-files.mjs\`.
#
# Later sources win: this file, then environment variables, then the command line.
#   environment   CEX_ARBITRAGE_RISK__MAX_OPEN_ORDERS=5     two underscores separate levels
#   command line  --set risk.maxOpenOrders=5
# \${NAME} and \${NAME:-default} insert environment variables ($\${ writes \${); where a secret belongs, file:path reads a file.
`

/**
 * @param {Node} schema
 * @returns {string}
 */
export function renderExample(schema) {
  return `${head}\n${renderKeys(schema, '', 0, '\n')}`
}

/**
 * @param {Node} node
 * @param {string} path
 * @param {number} depth
 * @param {string} between
 * @returns {string}
 */
function renderKeys(node, path, depth, between) {
  return Object.entries(node.properties ?? {})
    .map(([key, child]) => renderKey(key, child, path === '' ? key : `${path}.${key}`, depth))
    .join(between)
}

/**
 * @param {string} key
 * @param {Node} node
 * @param {string} path
 * @param {number} depth
 * @returns {string}
 */
function renderKey(key, node, path, depth) {
  const indent = '  '.repeat(depth)
  const comment = wrap([node.description, rangeOf(node)].filter(Boolean).join(' '), `${indent}# `)
  if (path === 'exchanges')
    return `${comment}${indent}${key}:\n${renderKeys(node, path, depth + 1, '\n')}${renderPlugin(node)}`
  if (path === 'strategies')
    return `${comment}${indent}${key}:\n${(node.items?.oneOf ?? []).map(renderStrategy).join('\n')}`
  if (node.properties !== undefined && node.default !== undefined)
    return `${comment}${indent}${key}:\n${renderKeys(node, path, depth + 1, '')}`
  if (node.properties !== undefined && depth === 1 && path.startsWith('exchanges.'))
    return `${comment}${indent}${key}:\n${renderKeys(node, path, depth + 1, '')}`
  if (node.properties !== undefined)
    return `${comment}${indent}# ${key}:\n${Object.entries(node.properties)
      .map(([name, child]) => `${indent}#   ${name}: 0  # ${child.description} ${rangeOf(child)}\n`)
      .join('')}`
  const sample = samples[path]
  if (sample !== undefined) return `${comment}${indent}${key}: ${sample}\n`
  if (node.default === undefined) return `${comment}${indent}# ${key}:\n`
  return `${comment}${indent}${key}: ${inline(node.default)}\n`
}

/**
 * The first kind of strategy works as it stands; the others show their keys and are switched off.
 *
 * @param {Node} branch
 * @param {number} index
 */
function renderStrategy(branch, index) {
  const off = { ...branch.properties, enabled: { ...branch.properties?.['enabled'], default: index === 0 } }
  const body = renderKeys({ ...branch, properties: off }, 'strategies.*', 2, '').replace(
    /^.*\n {4}# type:\n/,
    `    type: ${String(branch.properties?.['type']?.const)}\n`,
  )
  return `${wrap(branch.description ?? '', '  # ')}  -${body.slice(3)}`
}

/** @param {Node} exchanges */
function renderPlugin(exchanges) {
  const plugin = exchanges.additionalProperties
  const description = typeof plugin === 'object' ? plugin.description : ''
  const options = typeof plugin === 'object' ? plugin.properties?.['options']?.description : ''
  return `\n  # ${description} It takes the settings above, and options.
  # kraken:
  #   apiKey: file:/run/secrets/kraken-key
  #   secret: file:/run/secrets/kraken-secret
${wrap(options ?? '', '  #   # ')}  #   options: { tier: pro }
`
}

/** @param {unknown} value */
function inline(value) {
  if (Array.isArray(value)) return `[${value.join(', ')}]`
  if (typeof value !== 'object' || value === null) return String(value)
  return Object.keys(value).length === 0
    ? '{}'
    : `{ ${Object.entries(value)
        .map(([key, item]) => `${key}: ${item}`)
        .join(', ')} }`
}

/**
 * @param {Node} node
 * @returns {string}
 */
function rangeOf(node) {
  if (node.enum !== undefined)
    return node.description?.includes(String(node.enum[0])) ? '' : `(${node.enum.join(', ')})`
  const literals = (node.anyOf ?? []).flatMap((choice) =>
    choice.const === undefined ? [] : JSON.stringify(choice.const),
  )
  if (literals.length > 0) return `(${literals.join(', ')})`
  const { minimum, maximum } = node
  return minimum === undefined || maximum === undefined ? '' : `(${minimum} to ${maximum})`
}

/**
 * @param {string} text
 * @param {string} prefix
 */
function wrap(text, prefix) {
  const lines = ['']
  for (const word of text.split(' ').filter((part) => part !== '')) {
    const last = lines.length - 1
    const joined = lines[last] === '' ? word : `${lines[last]} ${word}`
    if (prefix.length + joined.length > width) lines.push(word)
    else lines[last] = joined
  }
  return lines[0] === '' ? '' : lines.map((line) => `${prefix}${line}\n`).join('')
}
