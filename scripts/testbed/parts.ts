import type { Part, PartName } from './part.ts';
import { chromium } from './parts/chromium.ts';
import { engine } from './parts/engine.ts';
import { kubernetes } from './parts/kubernetes.ts';
import { minio } from './parts/minio.ts';
import { barman, pgbackrest } from './parts/physical.ts';
import { podman } from './parts/podman.ts';
import { postgres, postgresNext } from './parts/postgres.ts';
import { prometheus } from './parts/prometheus.ts';
import { registry } from './parts/registry.ts';
import { toxiproxy } from './parts/toxiproxy.ts';
import { versitygw } from './parts/versitygw.ts';

export const parts: Readonly<Record<PartName, Part>> = {
  engine,
  podman,
  registry,
  kubernetes,
  postgres,
  'postgres-next': postgresNext,
  minio,
  versitygw,
  toxiproxy,
  prometheus,
  chromium,
  pgbackrest,
  barman,
};
