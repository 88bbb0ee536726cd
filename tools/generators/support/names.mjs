/** @typedef {{ readonly kebab: string, readonly camel: string, readonly pascal: string }} Names */

const kebabCase = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/

/**
 * A name in the forms that code needs.
 *
 * @param {string} kebab `my-exchange`.
 * @returns {Names}
 * @throws {Error} It is not in kebab-case.
 */
export function readNames(kebab) {
  if (!kebabCase.test(kebab))
    throw new Error(`'${kebab}' is no name here: write lower-case words, digits and hyphens, such as my-exchange.`)
  const pascal = kebab
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
  return { kebab, pascal, camel: pascal.charAt(0).toLowerCase() + pascal.slice(1) }
}

/**
 * The text with one name in all its forms put in the place of another, a single word.
 *
 * @param {string} text
 * @param {string} word `sample`; `Sample` and `sampleOptions` are found too.
 * @param {Names} names
 */
export function rename(text, word, { kebab, camel, pascal }) {
  const capital = word.charAt(0).toUpperCase() + word.slice(1)
  return text
    .replaceAll(capital, pascal)
    .replaceAll(new RegExp(`\\b${word}(?=[A-Z])`, 'g'), camel)
    .replaceAll(word, kebab)
}
