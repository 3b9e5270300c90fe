import { digits, hex, lower } from './alphabets.ts';
import type { SampleMaker, Samples } from './sample.ts';

/** Of `shapes/services.ts`. */
export const serviceSamples = ({ noise }: SampleMaker): Samples => ({
  'atlassian-token': { positive: [`ATATT3${noise(186)}`], negative: ['ATATT3xFfGF0'] },
  'adobe-secret': { positive: [`p8e-${noise(32)}`], negative: ['p8e-key'] },
  'airtable-token': { positive: [`pat${noise(14)}.${noise(64, hex)}`], negative: ['pattern.test'] },
  'authress-key': {
    positive: [`sc_${noise(20, lower)}.${noise(4, lower)}.acc_${noise(16, lower)}.${noise(40)}`],
    negative: ['user.acc_name'],
  },
  'defined-networking-token': {
    positive: [`dnkey-${noise(26)}-${noise(52)}`],
    negative: ['dnkey-id'],
  },
  'facebook-token': { positive: [`EAAM${noise(120)}`], negative: ['EAAM'] },
  'figma-token': { positive: [`figd_${noise(40)}`], negative: ['figd_token'] },
  'frameio-token': { positive: [`fio-u-${noise(64)}`], negative: ['fio-u-key'] },
  'intra42-secret': { positive: [`s-s4t2ud-${noise(64, hex)}`], negative: ['s-s4t2ud-'] },
  'linear-key': { positive: [`lin_api_${noise(40)}`], negative: ['lin_api_key'] },
  'maxmind-key': { positive: [`${noise(6)}_${noise(29)}_mmk`], negative: ['key_mmk'] },
  'notion-token': { positive: [`ntn_${noise(11, digits)}${noise(35)}`], negative: ['ntn_token'] },
  'postman-key': { positive: [`PMAK-${noise(24, hex)}-${noise(34, hex)}`], negative: ['PMAK-key'] },
  'readme-key': { positive: [`rdme_${noise(70, lower)}`], negative: ['rdme_key'] },
  'settlemint-token': { positive: [`sm_aat_${noise(16)}`], negative: ['sm_pat_tern'] },
  'sidekiq-address': {
    positive: [`https://${noise(8, hex)}:${noise(8, hex, 2)}@gems.contribsys.com/`],
    negative: ['https://gems.contribsys.com/'],
  },
  'typeform-token': { positive: [`tfp_${noise(59)}`], negative: ['tfp_token'] },
});
