import { ConfigurationException } from '@cex-arbitrage/common'

/**
 * The part as the class an exchange built it from. Composites take parts through the registry's wide types and narrow
 * them here.
 *
 * @throws {@link ConfigurationException} The part is of another class: a plug-in mixed two exchanges' parts.
 */
export function asPart<T>(part: object, partClass: abstract new (...args: never[]) => T): T {
  if (part instanceof partClass) return part
  throw new ConfigurationException({
    message: `A ${partClass.name} was expected and a ${part.constructor.name} given. Register parts that belong together.`,
  })
}
