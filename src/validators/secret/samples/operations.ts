import { hex, upper } from './alphabets.ts';
import type { SampleMaker, Samples } from './sample.ts';

/** Of `shapes/operations.ts`. */
export const operationSamples = ({ noise }: SampleMaker): Samples => ({
  'vault-token': { positive: [`hvs.${noise(95)}`, `hvb.${noise(150)}`], negative: ['hvs.token'] },
  'vault-legacy-token': {
    positive: [`VAULT_TOKEN="s.${noise(24)}"`],
    negative: ['x = s.toLowerCaseOfSomethingAA;', `xs.${noise(24)}`],
  },
  'terraform-token': {
    positive: [`${noise(14)}.atlasv1.${noise(67)}`],
    negative: ['token.atlasv1.'],
  },
  'pulumi-token': { positive: [`pul-${noise(40, hex)}`], negative: ['pul-request'] },
  'doppler-token': { positive: [`dp.pt.${noise(43)}`], negative: ['dp.pt.token'] },
  'onepassword-token': {
    positive: [
      `ops_eyJ${noise(300)}`,
      `A3-${noise(6, upper)}-${noise(11, upper)}-ASWT5-77DCQ-VKZ4P`,
    ],
    negative: ['A3-size'],
  },
  'grafana-token': {
    positive: [`glsa_${noise(32)}_${noise(8, hex)}`, `glc_${noise(120)}`, `eyJrIjoi${noise(92)}`],
    negative: ['glsa_token', 'glc_key'],
  },
  'sentry-token': {
    positive: [`sntryu_${noise(64, hex)}`, `sntrys_eyJpYXQiO${noise(120)}_${noise(43)}`],
    negative: ['sntryu_token'],
  },
  'dynatrace-token': {
    positive: [`dt0c01.${noise(24)}.${noise(64)}`],
    negative: ['dt0c01.ST2EY72KQINMH574WMNVI7YN.'],
  },
  'new-relic-key': {
    positive: [`NRAK-${noise(27)}`, `NRII-${noise(32)}`, `NRJS-${noise(19, hex)}`],
    negative: ['NRAK-KEY'],
  },
  'harness-key': {
    positive: [`pat.${noise(22)}.${noise(24)}.${noise(20)}`],
    negative: ['pat.length'],
  },
  'octopus-key': { positive: [`API-${noise(26, upper)}`], negative: ['API-VERSION'] },
  'prefect-key': { positive: [`pnu_${noise(36)}`], negative: ['pnu_key'] },
  'infracost-key': { positive: [`ico-${noise(32)}`], negative: ['ico-github'] },
  'tailscale-key': {
    positive: [`tskey-auth-${noise(12)}CNTRL-${noise(32)}`],
    negative: ['tskey-auth-key'],
  },
});
