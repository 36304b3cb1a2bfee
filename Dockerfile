# syntax=docker/dockerfile:1
# The master in a container: see docs/deployment.md. Not on Alpine: the embedded Postgres, which is used without
# DATABASE_URL, is built for glibc alone.
FROM node:20-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY scripts/build.js scripts/link.js scripts/
COPY src src
COPY tools tools
COPY resources resources
COPY prompts prompts
RUN npm run build
RUN npm prune --omit=dev --no-audit --no-fund

FROM node:20-slim
# The graph reads the history of the workspace, which another user owns outside.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates git \
  && rm -rf /var/lib/apt/lists/* \
  && git config --system --add safe.directory /workspace \
  && mkdir /data /workspace \
  && chown node:node /data /workspace \
  && chmod 700 /data
WORKDIR /app
COPY --from=build /app/package.json package.json
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
ENV NODE_ENV=production \
  AUTO_AGENT=true \
  LIGHTDOM_DATA_DIR=/data \
  LIGHTDOM_WORKSPACE=/workspace \
  LIGHTDOM_HTTP_HOST=0.0.0.0 \
  LIGHTDOM_HTTP_PORT=3001 \
  LIGHTDOM_HTTP_ALLOWED_HOSTS=localhost
USER node
VOLUME /data
EXPOSE 3001
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.LIGHTDOM_HTTP_PORT}/readyz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/bin/lightdom.js", "start"]
