/** @typedef {import('../support/names.mjs').Names} Names */

/** @param {Names} names */
export const createReadme = ({ kebab, pascal }) => `# ${pascal} spot

Laid down by the generator and not yet ${pascal}: connector and local venue speak the protocol of
[the example](../../../../../examples/exchange-plugin/README.md), and the suite passes. [Adding an exchange](../../../../../docs/adding-an-exchange.md)
leads through what is to be changed, the venue (\`packages/simulator/src/venues/${kebab}\`) from the exchange's documents, the connector against it.

\`\`\`ts
const manager = new FactoryManager(new ComponentRegistry(), () => ({ clock, random, logger, credentials, options }))
manager.register(registerExchange) // from '@cex-arbitrage/exchanges/${kebab}'
\`\`\`

Options: \`rateLimitShare\` (0.9), \`cancelReserveShare\` (0.3).

## Coverage

| What        | Endpoint or channel | Where                                           | Proof          |
| ----------- | ------------------- | ----------------------------------------------- | -------------- |
| Instruments | the example's       | \`instruments.ts\`                              | the suite      |
| Books       | the example's       | \`market-data-decoder.ts\`, \`book-sync.ts\`    | the suite      |
| Orders      | the example's       | \`order-mapper.ts\`, \`order-gateway.ts\`       | the suite      |
| Account     | the example's       | \`account-feed.ts\`, \`private-exchange.ts\`    | the suite      |
`
