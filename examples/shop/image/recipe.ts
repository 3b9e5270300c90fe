import { faultyEnv, faultyLayers, leakedLayer } from './faults.ts';
import type { LayerPlan } from './layer.ts';

export const releaseNames = ['v1', 'v2', 'v3'] as const;
export type ReleaseName = (typeof releaseNames)[number];

/** What an image of one release has that another one has not. */
export interface Recipe {
  readonly version: string;
  readonly user: string;
  /** The uid that /etc/passwd gives to the user `app`. */
  readonly appUid: number;
  readonly env: readonly string[];
  readonly hasHealthcheck: boolean;
  readonly hasRevision: boolean;
  readonly belowApp: readonly LayerPlan[];
  readonly aboveApp: readonly LayerPlan[];
}

const good = {
  user: '10001:10001',
  appUid: 10001,
  env: [],
  hasHealthcheck: true,
  hasRevision: true,
  belowApp: [],
  aboveApp: [],
};

export const recipes: Readonly<Record<ReleaseName, Recipe>> = {
  v1: { ...good, version: '1.0.0' },
  v2: { ...good, version: '2.0.0' },
  v3: {
    version: '3.0.0',
    user: 'app',
    appUid: 0,
    env: faultyEnv,
    hasHealthcheck: false,
    hasRevision: false,
    belowApp: [leakedLayer],
    aboveApp: faultyLayers,
  },
};
