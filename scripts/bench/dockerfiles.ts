import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { binaryFolder } from '../testbed/binaries.ts';
import { measure } from './process.ts';
import { compare, type Row, timed } from './row.ts';

const rounds = 5;
const run = join(import.meta.dirname, '../../bin/run.js');

/** All rules on Dockerfiles beside hadolint, on the same files. */
export async function ofDockerfiles(home: string): Promise<Row[]> {
  const folder = await binaryFolder('hadolint', (line) => process.stderr.write(`${line}\n`));
  const hadolint = join(folder, 'hadolint');
  const row = async (count: number, goal: number | null): Promise<Row> => {
    const corpus = join(home, `dockerfiles-${count}`);
    await mkdir(corpus);
    const names = Array.from({ length: count }, (_, at) => join(corpus, `${at}.Dockerfile`));
    for (const [at, name] of names.entries()) await writeFile(name, service(at));
    const flags = ['--quiet', '--format', 'json', '--preset', 'strict'];
    return compare({
      what: '`deploycheck validate dockerfile`, every rule',
      against: '`hadolint`',
      ...{ goal, rounds },
      on: count === 1 ? 'one file of 24 lines' : `${count} files of 24 lines`,
      ours: async () => measure([run, 'validate', 'dockerfile', corpus, ...flags], home, home).wall,
      // It says no by its exit code, which is no failure here.
      theirs: () =>
        timed(() => execa(hadolint, names, { cwd: home, reject: false, stdout: 'ignore' })),
    });
  };
  return [await row(1000, 1), await row(1, null)];
}

/** As a careful team writes it, with shell in it. */
const service = (at: number): string => `# syntax=docker/dockerfile:1
ARG VERSION=1.2.${at}
FROM golang:1.25.3 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download
COPY . .
ARG VERSION
RUN CGO_ENABLED=0 go build -ldflags "-X main.version=$VERSION" -o /out/app-${at} ./cmd/app

FROM debian:13.1-slim
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
RUN apt-get update \\
  && apt-get install -y --no-install-recommends ca-certificates=20250419 tzdata=2025b-4 \\
  && rm -rf /var/lib/apt/lists/* \\
  && for folder in data cache; do mkdir -p "/var/app/$folder"; done \\
  && if [ ! -e /etc/app ]; then touch /etc/app; fi
LABEL org.opencontainers.image.title="app-${at}"
ENV APP_HOME=/var/app
WORKDIR /var/app
COPY --from=build --chown=10001:10001 /out/app-${at} /usr/local/bin/app
USER 10001:10001
EXPOSE 8080
ENTRYPOINT ["/usr/local/bin/app"]
`;
