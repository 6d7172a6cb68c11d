# The gateway as a container: FFmpeg and fonts from Debian, all else from the npm registry; no root, no writable root file system.
# docker build -t gantry . — and see docker-compose.yml for how it is run.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build

FROM node:24-bookworm-slim
RUN apt-get update \
  && apt-get install -y --no-install-recommends ffmpeg fontconfig fonts-wqy-microhei tini \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund && npm cache clean --force
COPY --from=build /app/config ./config
COPY --from=build /app/gateway ./gateway
COPY --from=build /app/scripts ./scripts
COPY --from=build /app/viewer/dist ./viewer/dist
RUN install -d -o node -g node -m 700 /data
USER node
ENV NODE_ENV=production GANTRY_DATA_DIR=/data GANTRY_HTTP_HOST=0.0.0.0
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.GANTRY_HTTP_PORT ?? 8080}/healthz`).then((reply) => process.exit(reply.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["tini", "--", "node", "gateway/cli.ts"]
CMD ["serve", "--no-demo"]
