# The gateway: relay, admin API and the `crs` command line. Built from the repository's root:
#   docker build -f docker/gateway.Dockerfile -t crs-gateway .

FROM node:24-bookworm-slim AS build
ARG PNPM_VERSION=12.21.0
WORKDIR /src
RUN npm install --global --no-audit --no-fund "pnpm@${PNPM_VERSION}"

# Manifests first: packages are fetched again only when one of these changes. Without the manifest of the root, whose
# tools no image needs.
COPY pnpm-lock.yaml pnpm-workspace.yaml ./
COPY packages/shared/package.json packages/shared/
COPY packages/upstream-simulator/package.json packages/upstream-simulator/
COPY apps/gateway/package.json apps/gateway/
RUN --mount=type=cache,id=pnpm-store,target=/pnpm/store \
    pnpm install --frozen-lockfile --store-dir /pnpm/store --filter @crs/gateway...

COPY tsconfig.base.json ./
COPY packages/shared packages/shared
COPY apps/gateway apps/gateway
RUN pnpm --filter @crs/shared --filter @crs/gateway build
RUN --mount=type=cache,id=pnpm-store,target=/pnpm/store \
    pnpm --filter @crs/gateway deploy --prod --legacy --store-dir /pnpm/store /out

FROM node:24-bookworm-slim
ENV NODE_ENV=production \
    BIND_HOST=0.0.0.0 \
    PORT=3000 \
    DATA_DIR=/data \
    LOG_DIR=/logs
RUN printf '#!/bin/sh\nexec node /app/dist/cli/main.js "$@"\n' >/usr/local/bin/crs \
    && chmod 755 /usr/local/bin/crs \
    && install -d -o 1000 -g 1000 -m 700 /data /logs
WORKDIR /app
COPY --from=build /out /app
# The user `node` of the base image, as numbers, so that an orchestrator can see that it is not root.
USER 1000:1000
EXPOSE 3000
# Longer than DRAIN_TIMEOUT_MS is up to whoever stops it: `docker stop --time 70`.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
    CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/ready`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Short-lived objects may take 32 MB instead of 128 before they are collected.
CMD ["node", "--max-semi-space-size=16", "dist/main.js"]
