import { hex } from './alphabets.ts';
import type { SampleMaker, Samples } from './sample.ts';

/** Of `shapes/payment.ts`. */
export const paymentSamples = ({ noise }: SampleMaker): Samples => ({
  'stripe-key': {
    positive: [`sk_live_${noise(24)}`, `rk_live_${noise(99)}`, `sk_test_${noise(24)}`],
    negative: [`sk_live_${'x'.repeat(24)}`, 'sk_live_key'],
  },
  'square-token': {
    positive: [`EAAA${noise(60)}`, `sq0atp-${noise(22)}`],
    negative: ['EAAAAAAAAAAAAAAAAAAAAAAAAAAA', `sha512-EAAA${noise(30)}+${noise(51)}==`],
  },
  'shopify-token': {
    positive: ['at', 'ca', 'pa', 'ss'].map((kind) => `shp${kind}_${noise(32, hex)}`),
    negative: ['shpat_token'],
  },
  'flutterwave-key': {
    positive: [`FLWSECK_TEST-${noise(32, hex)}-X`],
    negative: ['FLWSECK_TEST-key'],
  },
  'braintree-token': {
    positive: [`access_token$production$${noise(16, hex)}$${noise(32, hex)}`],
    negative: ['access_token$production$'],
  },
  'easypost-key': { positive: [`EZAK${noise(54)}`], negative: ['EZAK'] },
  'shippo-token': { positive: [`shippo_live_${noise(40, hex)}`], negative: ['shippo_live_key'] },
  'duffel-token': { positive: [`duffel_live_${noise(43)}`], negative: ['duffel_live_key'] },
});
