import { hex } from './alphabets.ts';
import type { SampleMaker, Samples } from './sample.ts';

/** Of `shapes/source-control.ts`. */
export const sourceControlSamples = ({ noise, checksummedToken }: SampleMaker): Samples => ({
  'github-token': {
    positive: ['ghp_', 'gho_', 'ghs_', 'ghr_', 'ghu_'].map((prefix) => checksummedToken(prefix)),
    negative: [`ghp_${'x'.repeat(36)}`, `x${checksummedToken('ghp_')}`, `ghp_${noise(35)}`],
  },
  'github-fine-grained-token': {
    positive: [`github_pat_${noise(22)}_${noise(59)}`],
    negative: [`github_pat_${noise(22)}_${'x'.repeat(59)}`, `github_pat_${noise(40)}`],
  },
  'gitlab-token': {
    positive: [
      `glpat-${noise(20)}`,
      `glpat-${noise(30)}.01.${noise(9, hex)}`,
      `glcbt-64_${noise(20)}`,
      `GR1348941${noise(20)}`,
    ],
    negative: ['glpat-xxxxxxxxxxxxxxxxxxxx', `glpat-${noise(12)}`],
  },
  'gitlab-session': {
    positive: [`_gitlab_session=${noise(32, hex)}`],
    negative: ['_gitlab_session=none'],
  },
  'azure-devops-token': {
    positive: [`${noise(76)}AZDO${noise(4)}`],
    negative: [`${noise(40)}AZDO${noise(4)}`],
  },
  'bitbucket-app-password': { positive: [`ATBB${noise(32)}`], negative: ['ATBB'] },
  'sourcegraph-token': {
    positive: [`sgp_${noise(40, hex)}`, `sgp_local_${noise(40, hex)}`],
    negative: ['sgp_local_token'],
  },
});
