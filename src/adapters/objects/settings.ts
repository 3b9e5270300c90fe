import { readFile } from 'node:fs/promises';
import { Fault, messageOf } from '../../core/fault.ts';
import type { ObjectSource, ObjectStoreSettings } from './objects.ts';

/** What is read beside the source itself. */
export interface Surroundings {
  readonly env: Readonly<NodeJS.ProcessEnv>;
  /** Told every secret met. */
  readonly register: (secret: string) => void;
}

const defaultRegion = 'us-east-1';

/** @throws Fault `objects-url-invalid` */
export async function objectStoreSettings(
  source: ObjectSource,
  { env, register }: Surroundings,
): Promise<ObjectStoreSettings> {
  const region = source.region ?? (env.AWS_REGION || env.AWS_DEFAULT_REGION || defaultRegion);
  if (!/^[a-z0-9-]+$/i.test(region)) throw invalid('its region is not a name like us-east-1');
  const endpoint = endpointOf(
    source.endpoint ?? (env.AWS_ENDPOINT_URL_S3 || env.AWS_ENDPOINT_URL || amazon(region)),
  );
  // A key of one origin with a secret of the other would only be refused later, by the server.
  const given = source.accessKey !== undefined || source.secretKey !== undefined;
  const accessKey = given ? source.accessKey : env.AWS_ACCESS_KEY_ID;
  const secretKey = given ? source.secretKey : env.AWS_SECRET_ACCESS_KEY;
  const sessionToken = given ? source.sessionToken : env.AWS_SESSION_TOKEN || undefined;
  if (!accessKey || !secretKey) {
    throw invalid('no keys are given: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY');
  }
  register(secretKey);
  if (sessionToken !== undefined) register(sessionToken);
  const bundle = env.AWS_CA_BUNDLE;
  return {
    endpoint: endpoint.origin,
    region,
    pathStyle: source.pathStyle ?? !endpoint.hostname.endsWith('.amazonaws.com'),
    accessKey,
    secretKey: () => secretKey,
    sessionToken: () => sessionToken,
    ...(bundle ? { certificates: await readBundle(bundle) } : {}),
  };
}

const amazon = (region: string): string => `https://s3.${region}.amazonaws.com`;

function endpointOf(text: string): URL {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw invalid('its endpoint is not written as http(s)://host:port');
  }
  if (url.username !== '' || url.password !== '') {
    throw invalid('its endpoint holds keys, which do not belong into an address');
  }
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    throw invalid('its endpoint has a path; name the host only, the bucket has its own place');
  }
  return url;
}

async function readBundle(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw invalid(`AWS_CA_BUNDLE cannot be read: ${messageOf(error)}`);
  }
}

const invalid = (why: string): Fault =>
  new Fault('objects-url-invalid', `the object store cannot be used: ${why}`);
