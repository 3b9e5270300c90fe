import { generateKeyPairSync } from 'node:crypto';
import { checksummedToken, noise } from './testing.ts';

const hex = '0123456789abcdef';
const digits = '123456789';
const upper = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const lower = 'abcdefghijklmnopqrstuvwxyz0123456789';
const ageAlphabet = 'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L';
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const uuid = [8, 4, 4, 4, 12].map((length, seed) => noise(length, hex, seed + 3)).join('-');

/** A token of RFC 7519 whose signature nobody can check. */
const webToken = (header: unknown, claims: unknown): string =>
  `${encode(header)}.${encode(claims)}.${noise(43)}`;

/** A key that was made for this run and opens nothing. */
export const { privateKey } = generateKeyPairSync('ed25519', {
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});
const { privateKey: longKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});

/** By shape: text that holds a secret of it, and text that only looks alike. None is anybody's. */
export const samples: Readonly<
  Record<string, { readonly positive: readonly string[]; readonly negative?: readonly string[] }>
> = {
  'google-service-account': {
    positive: [
      JSON.stringify(
        { type: 'service_account', project_id: 'shop', private_key: longKey },
        null,
        2,
      ),
    ],
    negative: [
      JSON.stringify({ type: 'service_account', private_key: '-----BEGIN PRIVATE KEY-----' }),
    ],
  },
  'private-key': {
    positive: [
      privateKey,
      JSON.stringify({ private_key: privateKey }),
      privateKey.replaceAll('\n', '\r\n'),
      `-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n${noise(640)}\n-----END RSA PRIVATE KEY-----`,
      `-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n${noise(400)}\n=abcd\n-----END PGP PRIVATE KEY BLOCK-----`,
    ],
    negative: [
      '-----BEGIN PRIVATE KEY-----\0-----END PRIVATE KEY-----\0',
      '-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----\n',
      privateKey.replaceAll('PRIVATE', 'PUBLIC'),
    ],
  },
  'putty-private-key': {
    positive: [
      `PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: a key\nPublic-Lines: 2\n${noise(64)}\n${noise(12)}\nPrivate-Lines: 1\n${noise(48)}\nPrivate-MAC: ${noise(64, hex)}\n`,
    ],
    negative: ['PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n'],
  },
  'pkcs12-store': {
    positive: [
      `\x30\x82\x09\x10\x02\x01\x03\x30\x82\x08\xd6\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01${noise(64)}`,
    ],
    negative: [`\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01${noise(64)}`],
  },
  'age-secret-key': {
    positive: [`AGE-SECRET-KEY-1${noise(58, ageAlphabet)}`],
    negative: ['AGE-SECRET-KEY-1QPZRY'],
  },
  'json-web-token': {
    positive: [webToken({ alg: 'HS256' }, { sub: 'shop', exp: 1 })],
    negative: [
      webToken({ alg: 'none' }, { sub: 'shop' }),
      webToken({ alg: 'HS256' }, { sub: '1234567890', name: 'John Doe' }),
      webToken({ typ: 'JWT' }, { sub: 'shop' }),
    ],
  },
  'encoded-web-token': {
    positive: [Buffer.from(webToken({ alg: 'HS256' }, { sub: 'shop' })).toString('base64')],
    negative: [`ZXlK${noise(80)}`, btoa(`eyJ${noise(40)}`)],
  },
  'kubeconfig-key': {
    positive: [`    client-key-data: ${Buffer.from(privateKey).toString('base64')}`],
    negative: [`    client-key-data: ${noise(200)}`, '    client-key-data: REDACTED'],
  },
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
  'slack-token': {
    positive: [
      `xoxb-${noise(12, digits)}-${noise(12, digits)}-${noise(24)}`,
      `xoxp-${noise(11, digits)}-${noise(11, digits)}-${noise(11, digits)}-${noise(32, hex)}`,
      `xapp-1-A${noise(10, upper)}-${noise(13, digits)}-${noise(64, hex)}`,
      `xoxe-1-${noise(146)}`,
    ],
    negative: ['xoxb-not-a-real-token', `xoxb-${noise(24, letters)}`],
  },
  'slack-webhook': {
    positive: [`https://hooks.slack.com/services/T${noise(9)}/B${noise(9)}/${noise(24)}`],
    negative: ['https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX'],
  },
  'discord-webhook': {
    positive: [`https://discord.com/api/webhooks/${noise(18, digits)}/${noise(68)}`],
    negative: ['https://discord.com/api/webhooks/id/token'],
  },
  'teams-webhook': {
    positive: [
      `https://shop.webhook.office.com/webhookb2/${uuid}@${uuid}/IncomingWebhook/${noise(32, hex)}/${uuid}`,
    ],
    negative: ['https://shop.webhook.office.com/webhookb2/'],
  },
  'telegram-token': {
    positive: [`${noise(10, digits)}:AA${noise(33)}`],
    negative: [`:AA${noise(33)}`],
  },
  'stripe-key': {
    positive: [`sk_live_${noise(24)}`, `rk_live_${noise(99)}`, `sk_test_${noise(24)}`],
    negative: [`sk_live_${'x'.repeat(24)}`, 'sk_live_key'],
  },
  'square-token': {
    positive: [`EAAA${noise(60)}`, `sq0atp-${noise(22)}`],
    negative: ['EAAAAAAAAAAAAAAAAAAAAAAAAAAA'],
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
  'sendgrid-key': {
    positive: [`SG.${noise(22)}.${noise(43)}`],
    negative: ['MSG.length', `SG.${noise(22)}`],
  },
  'mailgun-key': { positive: [`key-${noise(32, hex)}`], negative: ['key-value'] },
  'mailchimp-key': {
    positive: [`${noise(32, hex)}-us12`],
    negative: ['en-us', `${noise(8, hex)}-us1`],
  },
  'brevo-key': {
    positive: [`xkeysib-${noise(64, hex)}-${noise(16)}`],
    negative: ['xkeysib-key'],
  },
  'twilio-key': { positive: [`SK${noise(32, hex)}`], negative: [`SK${noise(12, hex)}`] },
  'openai-key': {
    positive: [`sk-proj-${noise(58)}T3BlbkFJ${noise(58)}`, `sk-${noise(20)}T3BlbkFJ${noise(20)}`],
    negative: [`sk-proj-${noise(120)}`],
  },
  'anthropic-key': { positive: [`sk-ant-api03-${noise(93)}AA`], negative: ['sk-ant-api03-...'] },
  'hugging-face-token': {
    positive: [`hf_${noise(34, letters)}`, `api_org_${noise(34, letters)}`],
    negative: ['hf_hub_download'],
  },
  'perplexity-key': { positive: [`pplx-${noise(48)}`], negative: ['pplx-api'] },
  'groq-key': { positive: [`gsk_${noise(52)}`], negative: ['gsk_renderer'] },
  'replicate-token': { positive: [`r8_${noise(37)}`], negative: ['r8_unorm'] },
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
  'url-password': {
    positive: ['postgres://shop:mB7-wq2_Zt9@db.shop.svc:5432/shop'],
    negative: [
      `postgres://shop:\${PASSWORD}@db.shop.svc/shop`,
      'postgres://shop:$PASSWORD@db.shop.svc/shop',
      'postgres://shop:{{password}}@db.shop.svc/shop',
      'https://user:password@proxy.shop.svc',
      'https://joe:Wq2Zt9@www.example.com',
      'http://localhost:8080/@scope',
      'http://registry.shop.svc:5000/a@sha256',
    ],
  },
  'password-hash': {
    positive: [
      `\nshop:$6$${noise(16)}$${noise(86)}:19000:0:99999:7:::`,
      `\nshop:$y$j9T$${noise(22)}$${noise(43)}:`,
      `\nshop:$2y$05$${noise(53)}`,
      `\nshop:$apr1$${noise(8)}$${noise(22)}`,
      `\nshop:{SHA}${noise(27)}=`,
    ],
    negative: ['\nroot:*:19000:0:99999:7:::', '\nshop:x:1000:1000::/home:/bin/sh', 'price:$6$'],
  },
  'generic-secret': {
    positive: [`api_key = "${noise(32)}"`, `"client_secret": "${noise(40)}"`, `TOKEN=${noise(24)}`],
    negative: [
      'token = "get_the_token_from_1_file"',
      'const token = tokenizer.next(42);',
      `password: \${PASSWORD_OF_THE_SHOP_42}`,
      `tokenUrl = "${noise(32)}"`,
      'api_key: 0123456789abcdef0123456789abcdef',
      `secretName: "shop-database-credentials-7"`,
    ],
  },
};

/** What vendors call their own: a name, and a value of the right length. */
export const vendorSamples: Readonly<Record<string, string>> = {
  'adafruit-key': `adafruit_key = "${noise(32)}"`,
  'airtable-key': `airtable_key = "${noise(17)}"`,
  'algolia-key': `algolia_key = "${noise(32)}"`,
  'alibaba-secret': `alibaba_secret = "${noise(30)}"`,
  'asana-secret': `asana_secret = "${noise(32)}"`,
  'atlassian-legacy-token': `jira_token = "${noise(20)}${noise(4, hex)}"`,
  'beamer-token': `beamer_token = "b_${noise(44)}"`,
  'bitbucket-secret': `bitbucket_secret = "${noise(64)}"`,
  'bittrex-key': `bittrex_key = "${noise(32)}"`,
  'cloudflare-key': `CLOUDFLARE_API_TOKEN=${noise(40)}`,
  'codecov-token': `codecov_token: ${noise(32)}`,
  'cohere-key': `cohere_key = "${noise(40)}"`,
  'coinbase-token': `coinbase_token = "${noise(64)}"`,
  'confluent-secret': `confluent_secret = "${noise(64)}"`,
  'contentful-token': `contentful_token = "${noise(43)}"`,
  'datadog-key': `datadog_api_key = "${noise(40)}"`,
  'discord-token': `discord_token = "${noise(64, hex)}"`,
  'drone-token': `droneci_token = "${noise(32)}"`,
  'dropbox-token': `dropbox_token = "sl.${noise(135)}"`,
  'etsy-token': `etsy_token = "${noise(24)}"`,
  'facebook-secret': `facebook_secret = "${noise(32, hex)}"`,
  'fastly-key': `fastly_key = "${noise(32)}"`,
  'finicity-key': `finicity_key = "${noise(32, hex)}"`,
  'finnhub-token': `finnhub_token = "${noise(20)}"`,
  'flickr-token': `flickr_token = "${noise(32)}"`,
  'freshbooks-token': `freshbooks_token = "${noise(64)}"`,
  'gitter-token': `gitter_token = "${noise(40)}"`,
  'gocardless-token': `gocardless_token = "live_${noise(40)}"`,
  'heroku-legacy-key': `heroku_key = "${uuid}"`,
  'hubspot-key': `hubspot_key = "${uuid}"`,
  'intercom-token': `intercom_token = "${noise(60)}"`,
  'jfrog-key': `jfrog_key = "${noise(73)}"`,
  'kraken-key': `kraken_key = "${noise(86)}"`,
  'kucoin-key': `kucoin_key = "${uuid}"`,
  'launchdarkly-key': `launchdarkly_key = "${noise(40)}"`,
  'linear-secret': `linear_secret = "${noise(32, hex)}"`,
  'linkedin-secret': `linkedin_secret = "${noise(16)}"`,
  'lob-key': `lob_key = "live_${noise(35, hex)}"`,
  'looker-secret': `looker_secret = "${noise(24)}"`,
  'mailgun-signing-key': `mailgun_key = "${noise(32, hex)}-${noise(8, hex)}-${noise(8, hex, 2)}"`,
  'mattermost-token': `mattermost_token = "${noise(26)}"`,
  'meraki-key': `meraki_key = "${noise(40, hex)}"`,
  'messagebird-token': `messagebird_token = "${noise(25)}"`,
  'netlify-token': `netlify_token = "${noise(43)}"`,
  'nytimes-key': `nytimes_key = "${noise(32)}"`,
  'okta-token': `okta_token = "00${noise(40)}"`,
  'plaid-secret': `plaid_secret = "${noise(30)}"`,
  'privateai-token': `privateai_token = "${noise(32)}"`,
  'rapidapi-key': `rapidapi_key = "${noise(50)}"`,
  'sendbird-token': `sendbird_token = "${noise(40, hex)}"`,
  'sentry-legacy-token': `sentry_token = "${noise(64, hex)}"`,
  'sidekiq-licence': `BUNDLE_GEMS__CONTRIBSYS__COM=${noise(8, hex)}:${noise(8, hex, 2)}`,
  'snyk-token': `snyk_token = "${uuid}"`,
  'sonar-token': `sonar_token = "${noise(40)}"`,
  'sourcegraph-legacy-token': `sourcegraph_token = "${noise(40, hex)}"`,
  'squarespace-token': `squarespace_token = "${uuid}"`,
  'sumologic-key': `sumo_key = "${noise(64)}"`,
  'telegram-named-token': `telegram_token = "${noise(6, digits)}:A${noise(34)}"`,
  'travis-token': `travis_token = "${noise(22)}"`,
  'twitch-token': `twitch_token = "${noise(30)}"`,
  'twitter-key': `twitter_key = "${noise(25)}"`,
  'yandex-key': `yandex_key = "AQVN${noise(36)}"`,
  'zendesk-secret': `zendesk_secret = "${noise(40)}"`,
};
