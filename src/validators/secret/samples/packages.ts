import { hex } from './alphabets.ts';
import type { SampleMaker, Samples } from './sample.ts';

/** Of `shapes/packages.ts`. */
export const packageSamples = ({ noise, checksummedToken }: SampleMaker): Samples => ({
  'npm-token': {
    positive: [checksummedToken('npm_')],
    negative: ['npm_config_registry', 'npm_lifecycle_event'],
  },
  'npmrc-credential': {
    positive: [`//registry.shop.svc/:_authToken=${noise(40)}`, `\n_auth=${noise(24)}`],
    negative: [`//registry.shop.svc/:_authToken=\${NPM_TOKEN}`],
  },
  'pypi-token': { positive: [`pypi-AgEIcHlwaS5vcmc${noise(80)}`], negative: ['pypi-server'] },
  'rubygems-token': { positive: [`rubygems_${noise(48, hex)}`], negative: ['rubygems_plugin'] },
  'clojars-token': { positive: [`CLOJARS_${noise(60)}`], negative: ['CLOJARS_PASSWORD'] },
  'crates-token': { positive: [`cio${noise(32)}`], negative: [`precio${noise(32)}`] },
  'nuget-password': {
    positive: ['<add key="ClearTextPassword" value="mB7-wq2_Zt9" />'],
    negative: ['<add key="ClearTextPassword" value="%NUGET_PASSWORD%" />'],
  },
  'docker-token': { positive: [`dckr_pat_${noise(27)}`], negative: ['dckr_pat_short'] },
  'registry-login': {
    positive: [`{"auths":{"registry.shop.svc":{"auth":"${btoa('shop:mB7-wq2_Zt9')}"}}}`],
    negative: ['{"auth":"enabled1"}', `{"auth":"${btoa('user:password')}"}`],
  },
  'artifactory-key': {
    positive: [`AKCp${noise(69)}`, `cmVmd${noise(59)}`],
    negative: ['AKCp8'],
  },
});
