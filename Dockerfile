# syntax=docker/dockerfile:1
# The engine with its page. Without a configuration it runs the simulated mode; deploy/compose.yaml shows the rest.
ARG NODE_IMAGE=node:20.20.2-bookworm-slim

# What is built with: everything, so that nothing of it has to be trusted later.
FROM ${NODE_IMAGE} AS build
WORKDIR /app
# Manifests alone first: dependencies are fetched again only when one of these changes.
COPY package.json package-lock.json .npmrc ./
COPY packages/common/package.json packages/common/
COPY packages/config/package.json packages/config/
COPY packages/networking/package.json packages/networking/
COPY packages/exchanges/package.json packages/exchanges/
COPY packages/hummingbot/package.json packages/hummingbot/
COPY packages/trading/package.json packages/trading/
COPY packages/storage/package.json packages/storage/
COPY packages/simulator/package.json packages/simulator/
COPY apps/arbitrage-runner/package.json apps/arbitrage-runner/
COPY apps/dashboard/package.json apps/dashboard/
COPY apps/simulation/package.json apps/simulation/
RUN --mount=type=cache,target=/var/cache/npm npm ci --cache /var/cache/npm
COPY . .
RUN npm run build && npm prune --omit=dev \
  && find packages apps -path '*/node_modules' -prune -o -type d -name src -prune -exec rm -rf {} + \
  && find packages apps -name '*.tsbuildinfo' -delete

# What runs: Node, the built code and what it needs, owned by root and read-only to the engine.
FROM ${NODE_IMAGE} AS runtime
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/packages packages
COPY --from=build /app/apps apps
# Journal, embedded database, control file and heartbeat: the one place that the engine writes.
RUN mkdir data && chown node:node data
USER node
VOLUME ["/app/data"]
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8080/health').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "--min-semi-space-size=16", "apps/arbitrage-runner/bin/arb.mjs"]
CMD ["run"]
