import { format, inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { Secret } from './secret.js'

const text = 'correct horse battery staple'
const secret = new Secret(text)

describe('Secret', () => {
  it('gives its text to reveal alone', () => {
    expect(secret.reveal()).toBe(text)
  })

  it.each<[string, () => string]>([
    ['String()', () => String(secret)],
    ['a template', () => `${secret.toString()} ${secret as unknown as string}`],
    ['concatenation', () => 'key ' + (secret as unknown as string)],
    ['JSON.stringify', () => JSON.stringify({ secret, list: [secret] })],
    ['util.inspect', () => inspect({ secret }, { depth: 9, showHidden: true, getters: true })],
    ['util.format', () => format('%s %o %O %j %i', secret, secret, secret, secret, secret)],
    ['its keys', () => Object.getOwnPropertyNames(secret).join() + JSON.stringify(Object.assign({}, secret))],
    ['Object.prototype.toString', () => Object.prototype.toString.call(secret)],
    ['an error', () => inspect(new Error('failed', { cause: { secret } }))],
  ])('does not show in %s', (_, print) => {
    expect(print()).not.toContain(text)
  })

  it('cannot be changed', () => {
    expect(Object.isFrozen(secret)).toBe(true)
  })

  it('compares by text', () => {
    expect(secret.equals(new Secret(text))).toBe(true)
    expect(secret.equals(new Secret(`${text}!`))).toBe(false)
    expect(secret.equals(new Secret('korrect horse battery staple'))).toBe(false)
    expect(secret.equals(new Secret(''))).toBe(false)
  })
})
