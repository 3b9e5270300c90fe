import type { Shape } from './shape.ts';

/** Payment, shops and shipping. */
export const paymentShapes: readonly Shape[] = [
  {
    id: 'stripe-key',
    title: 'a Stripe key',
    anchors: ['sk_live_', 'rk_live_', 'sk_prod_', 'rk_prod_', 'sk_test_', 'rk_test_'],
    pattern: /(?<![A-Za-z0-9])[sr]k_(?:live|prod|test)_[A-Za-z0-9]{10,247}(?![A-Za-z0-9])/y,
    entropy: 2,
    // What a key for tests gives away is nobody's money; it is worth a word all the same.
    judge: ([text]) => (text.includes('_test_') ? 'possible' : 'likely'),
    source: 'https://docs.stripe.com/keys',
    gitleaks: ['stripe-access-token'],
  },
  {
    id: 'square-token',
    title: 'a Square token',
    anchors: ['EAAA', 'sq0atp-', 'sq0csp-'],
    pattern:
      /(?<![A-Za-z0-9+/])(?:sq0(?:atp|csp)-[\w-]{22,60}|EAAA(?:[\w-]{60}|[\w-]{22,59}))(?![\w+/=-])/y,
    entropy: 3.5,
    source: 'https://developer.squareup.com/docs/build-basics/access-tokens',
    gitleaks: ['square-access-token'],
  },
  {
    id: 'shopify-token',
    title: 'a Shopify token',
    anchors: ['shpat_', 'shpca_', 'shppa_', 'shpss_'],
    pattern: /(?<![A-Za-z0-9])shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}(?![A-Za-z0-9])/y,
    entropy: 2,
    source: 'https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens',
    gitleaks: [
      ...['shopify-access-token', 'shopify-custom-access-token', 'shopify-shared-secret'],
      ...['shopify-private-app-access-token'],
    ],
  },
  {
    id: 'flutterwave-key',
    title: 'a Flutterwave secret key',
    anchors: ['FLWSECK'],
    pattern: /FLWSECK(?:_TEST)?-(?:[A-Ha-h0-9]{32}-X|[A-Ha-h0-9]{12}(?![A-Za-z0-9]))/y,
    entropy: 2,
    source: 'https://developer.flutterwave.com/docs/authentication',
    gitleaks: ['flutterwave-secret-key', 'flutterwave-encryption-key'],
  },
  {
    id: 'braintree-token',
    title: 'a Braintree access token',
    anchors: ['access_token$'],
    pattern:
      /access_token\$(?:production|sandbox)\$[0-9a-z]{16}\$(?<secret>[0-9a-f]{32})(?![A-Za-z0-9])/y,
    entropy: 3,
    source: 'https://developer.paypal.com/braintree/docs/guides/authorization/access-tokens',
  },
  {
    id: 'easypost-key',
    title: 'an EasyPost key',
    anchors: ['EZAK', 'EZTK'],
    pattern: /(?<![A-Za-z0-9])EZ[AT]K[A-Za-z0-9]{54}(?![A-Za-z0-9])/y,
    entropy: 2,
    source: 'https://docs.easypost.com/docs/authentication',
    gitleaks: ['easypost-api-token', 'easypost-test-api-token'],
  },
  {
    id: 'shippo-token',
    title: 'a Shippo token',
    anchors: ['shippo_live_', 'shippo_test_'],
    pattern: /(?<![A-Za-z0-9])shippo_(?:live|test)_[a-fA-F0-9]{40}(?![A-Za-z0-9])/y,
    entropy: 2,
    source: 'https://docs.goshippo.com/docs/guides_general/authentication/',
    gitleaks: ['shippo-api-token'],
  },
  {
    id: 'duffel-token',
    title: 'a Duffel token',
    anchors: ['duffel_test_', 'duffel_live_'],
    pattern: /duffel_(?:test|live)_[\w=-]{43}(?![\w=-])/y,
    entropy: 2,
    source: 'https://duffel.com/docs/api/overview/making-requests',
    gitleaks: ['duffel-api-token'],
  },
];
