# The server for people who want no Node.js on their machine. Build once, then a host starts it:
#   docker build --tag prod-debugger-mcp .
#   docker run --rm --interactive --volume "$PWD":/repo:ro --env SKILLOMATIC_API_KEY prod-debugger-mcp
# Any command of the server goes at the end: `… prod-debugger-mcp doctor`, `… prod-debugger-mcp --demo`.

FROM node:20-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run --silent build && npm pack --ignore-scripts --silent --pack-destination /tmp

FROM node:20-bookworm-slim
# git for history and patches; bubblewrap for the user's own check, where the container may make namespaces.
RUN apt-get update \
 && apt-get install --yes --no-install-recommends bubblewrap git \
 && rm -rf /var/lib/apt/lists/*
COPY --from=build /tmp/prod-debugger-mcp-*.tgz /tmp/
RUN npm install --global --no-audit --no-fund /tmp/prod-debugger-mcp-*.tgz && rm /tmp/*.tgz
# The repository is mounted here read-only; patches are kept in a folder of the container, or a volume.
RUN mkdir --parents /repo /state && chown node:node /state
ENV PROD_DEBUGGER_REPO=/repo PROD_DEBUGGER_STATE_DIR=/state
USER node
WORKDIR /repo
ENTRYPOINT ["prod-debugger-mcp"]
