import { hex, upper } from './alphabets.ts';
import type { SampleMaker, Samples } from './sample.ts';

/** Of `shapes/cloud.ts`. */
export const cloudSamples = ({ noise }: SampleMaker): Samples => ({
  'aws-access-key-id': {
    positive: [`AKIA${noise(16, upper)}`],
    negative: ['AKIAIOSFODNN7EXAMPLE', 'AKIAAAAAAAAAAAAAAAAA', `AKIA${noise(16, '0189')}`],
  },
  'aws-secret-access-key': {
    positive: [`aws_secret_access_key = ${noise(40)}`, `"secretAccessKey": "${noise(40)}"`],
    negative: ['aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'],
  },
  'aws-bedrock-key': { positive: [`ABSK${noise(128)}`], negative: [`ABSK${noise(40)}`] },
  'google-api-key': {
    positive: [`AIza${noise(35)}`],
    negative: [`AIza${noise(20)}`, `AIza${'a'.repeat(35)}`],
  },
  'google-oauth-secret': { positive: [`GOCSPX-${noise(28)}`], negative: ['GOCSPX-secret'] },
  'google-access-token': { positive: [`ya29.${noise(120)}`], negative: ['ya29.token'] },
  'azure-client-secret': {
    positive: [`"${noise(3)}8Q~${noise(34)}"`],
    negative: [`"8Q~${noise(34)}"`, `"${noise(3)}8Q~${noise(12)}"`],
  },
  'azure-storage-key': {
    positive: [`AccountName=a;AccountKey=${noise(86)}==;`],
    negative: ['AccountKey=<key>'],
  },
  'azure-shared-access-signature': {
    positive: [`https://shop.blob.core.windows.net/a?sv=2024-11-04&sig=${noise(43)}%3D`],
    negative: ['https://shop.blob.core.windows.net/a?sv=2024-11-04&sig=...'],
  },
  'alibaba-access-key-id': { positive: [`LTAI${noise(20)}`], negative: ['LTAI5t'] },
  'digitalocean-token': {
    positive: ['dop_v1_', 'doo_v1_', 'dor_v1_'].map((prefix) => `${prefix}${noise(64, hex)}`),
    negative: [`dop_v1_${'x'.repeat(64)}`],
  },
  'heroku-key': { positive: [`HRKU-AA${noise(58)}`], negative: ['HRKU-AA'] },
  'fly-token': {
    positive: [`fo1_${noise(43)}`, `fm2_${noise(160)}==`, `fm1a_${noise(120)}`],
    negative: ['fm2_lJPE'],
  },
  'cloudflare-origin-ca-key': {
    positive: [`v1.0-${noise(24, hex)}-${noise(146, hex)}`],
    negative: ['v1.0-beta'],
  },
  'scalingo-token': { positive: [`tk-us-${noise(48)}`], negative: ['tk-us-east'] },
  'supabase-token': { positive: [`sbp_${noise(40, hex)}`], negative: ['sbp_token'] },
  'planetscale-token': {
    positive: ['tkn', 'oauth', 'pw'].map((kind) => `pscale_${kind}_${noise(43)}`),
    negative: ['pscale_tkn_short'],
  },
  'clickhouse-cloud-key': { positive: [`4b1d${noise(38)}`], negative: [`4b1d${noise(20)}`] },
  'openshift-token': { positive: [`sha256~${noise(43)}`], negative: ['sha256~abc'] },
  'databricks-token': { positive: [`dapi${noise(32, hex)}`], negative: ['dapi_version'] },
});
