# The console under /web, and the way to the gateway for everything else. Built from the repository's root:
#   docker build -f docker/web.Dockerfile -t crs-web .

FROM node:24-bookworm-slim AS build
ARG PNPM_VERSION=12.21.0
ENV NEXT_TELEMETRY_DISABLED=1
WORKDIR /src
RUN npm install --global --no-audit --no-fund "pnpm@${PNPM_VERSION}"

# Manifests first: packages are fetched again only when one of these changes. Without the manifest of the root, whose
# tools no image needs.
COPY pnpm-lock.yaml pnpm-workspace.yaml ./
COPY packages/shared/package.json packages/shared/
COPY apps/web/package.json apps/web/
RUN --mount=type=cache,id=pnpm-store,target=/pnpm/store \
    pnpm install --frozen-lockfile --store-dir /pnpm/store --filter @crs/web...

COPY tsconfig.base.json ./
COPY packages/shared packages/shared
COPY apps/web apps/web
RUN pnpm --filter @crs/shared --filter @crs/web build

FROM nginx:1.28-bookworm
COPY docker/web/nginx.conf /etc/nginx/nginx.conf
COPY --from=build /src/apps/web/out /usr/share/nginx/html/web
# The user `nginx` of the base image, as numbers, so that an orchestrator can see that it is not root.
USER 101:101
EXPOSE 8080
STOPSIGNAL SIGQUIT
HEALTHCHECK --interval=10s --timeout=5s --start-period=5s --retries=3 \
    CMD ["curl", "--fail", "--silent", "--output", "/dev/null", "http://127.0.0.1:8080/web/login/"]
# Past the base image's entry point, which would try to edit the configuration.
ENTRYPOINT []
CMD ["nginx", "-g", "daemon off;"]
