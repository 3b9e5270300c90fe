import type { Shape } from './shape.ts';
import { vendor } from './vendor.ts';

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const hex32 = /^[a-f0-9]{32}$/i;
const hex64 = /^[a-f0-9]{64}$/i;
const text20 = /^[a-z0-9]{20}$/i;
const text30 = /^[a-z0-9]{30}$/i;
const text32 = /^[a-z0-9]{32}$/i;
const text64 = /^[a-z0-9]{64}$/i;
const open32 = /^[\w=-]{32}$/;
const open40 = /^[\w=-]{40}$/;
const open64 = /^[\w=-]{64}$/;

/** Credentials without a prefix of their own, by issuer. */
export const vendorShapes: readonly Shape[] = [
  vendor('adafruit-key', 'an Adafruit key', ['adafruit'], open32, ['adafruit-api-key']),
  vendor('airtable-key', 'an Airtable key', ['airtable'], /^[a-z0-9]{17}$/i, ['airtable-api-key']),
  vendor('algolia-key', 'an Algolia key', ['algolia'], text32, ['algolia-api-key']),
  vendor('alibaba-secret', 'an Alibaba Cloud secret', ['alibaba', 'aliyun'], text30, [
    'alibaba-secret-key',
  ]),
  vendor('asana-secret', 'an Asana client secret', ['asana'], text32, ['asana-client-secret']),
  vendor(
    'atlassian-legacy-token',
    'an Atlassian token',
    ['atlassian', 'confluence', 'jira'],
    /^[a-z0-9]{20}[a-f0-9]{4}$/i,
    ['atlassian-api-token'],
    3.5,
  ),
  vendor('beamer-token', 'a Beamer token', ['beamer'], /^b_[\w=-]{44}$/, ['beamer-api-token']),
  vendor('bitbucket-secret', 'a Bitbucket client secret', ['bitbucket'], open64, [
    'bitbucket-client-secret',
  ]),
  vendor('bittrex-key', 'a Bittrex key', ['bittrex'], text32, [
    'bittrex-access-key',
    'bittrex-secret-key',
  ]),
  vendor('cloudflare-key', 'a Cloudflare key', ['cloudflare'], /^(?:[\w-]{40}|[a-f0-9]{37})$/i, [
    'cloudflare-api-key',
    'cloudflare-global-api-key',
  ]),
  vendor('codecov-token', 'a Codecov token', ['codecov'], text32, ['codecov-access-token']),
  vendor(
    'cohere-key',
    'a Cohere key',
    ['cohere', 'co_api_key'],
    /^[A-Za-z0-9]{40}$/,
    ['cohere-api-token'],
    4,
  ),
  vendor('coinbase-token', 'a Coinbase token', ['coinbase'], open64, ['coinbase-access-token']),
  vendor('confluent-secret', 'a Confluent key', ['confluent'], /^[a-z0-9]{16}(?:[a-z0-9]{48})?$/i, [
    'confluent-access-token',
    'confluent-secret-key',
  ]),
  vendor('contentful-token', 'a Contentful token', ['contentful'], /^[\w=-]{43}$/, [
    'contentful-delivery-api-token',
  ]),
  vendor(
    'datadog-key',
    'a Datadog key',
    ['datadog', 'dd_app_key', 'dd_api_key'],
    /^(?:[a-z0-9]{40}|[a-f0-9]{32})$/i,
    ['datadog-access-token'],
  ),
  vendor(
    'discord-token',
    'a Discord token',
    ['discord'],
    /^(?:[a-f0-9]{64}|[\w=-]{32}|[MN][A-Za-z0-9]{23,25}\.[\w-]{6}\.[\w-]{27,38})$/,
    ['discord-api-token', 'discord-client-secret'],
  ),
  vendor('drone-token', 'a Drone CI token', ['droneci', 'drone_token'], text32, [
    'droneci-access-token',
  ]),
  vendor(
    'dropbox-token',
    'a Dropbox token',
    ['dropbox'],
    /^(?:[a-z0-9]{15}|[a-z0-9]{11}A{10}[\w=-]{43}|sl\.[\w=-]{135,1300})$/i,
    ['dropbox-api-token', 'dropbox-long-lived-api-token', 'dropbox-short-lived-api-token'],
    2,
  ),
  vendor('etsy-token', 'an Etsy token', ['etsy'], /^[a-z0-9]{24}$/i, ['etsy-access-token'], 3),
  vendor('facebook-secret', 'a Facebook app secret', ['facebook'], hex32, ['facebook-secret'], 3),
  vendor('fastly-key', 'a Fastly key', ['fastly'], open32, ['fastly-api-token']),
  vendor('finicity-key', 'a Finicity key', ['finicity'], /^(?:[a-f0-9]{32}|[a-z0-9]{20})$/i, [
    'finicity-api-token',
    'finicity-client-secret',
  ]),
  vendor('finnhub-token', 'a Finnhub token', ['finnhub'], text20, ['finnhub-access-token']),
  vendor('flickr-token', 'a Flickr token', ['flickr'], text32, ['flickr-access-token']),
  vendor('freshbooks-token', 'a FreshBooks token', ['freshbooks'], text64, [
    'freshbooks-access-token',
  ]),
  vendor('gitter-token', 'a Gitter token', ['gitter'], /^[\w-]{40}$/, ['gitter-access-token']),
  vendor('gocardless-token', 'a GoCardless token', ['gocardless'], /^live_[\w=-]{40}$/, [
    'gocardless-api-token',
  ]),
  vendor('heroku-legacy-key', 'a Heroku key', ['heroku'], uuid, ['heroku-api-key']),
  vendor('hubspot-key', 'a HubSpot key', ['hubspot'], uuid, ['hubspot-api-key']),
  vendor('intercom-token', 'an Intercom token', ['intercom'], /^[\w=-]{60}$/, ['intercom-api-key']),
  vendor(
    'jfrog-key',
    'a JFrog key',
    ['jfrog', 'artifactory', 'bintray', 'xray'],
    /^[a-z0-9]{64}(?:[a-z0-9]{9})?$/i,
    ['jfrog-api-key', 'jfrog-identity-token'],
  ),
  vendor('kraken-key', 'a Kraken key', ['kraken'], /^[\w/=+-]{80,90}$/, ['kraken-access-token']),
  vendor(
    'kucoin-key',
    'a KuCoin key',
    ['kucoin'],
    /^(?:[a-f0-9]{24}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i,
    ['kucoin-access-token', 'kucoin-secret-key'],
  ),
  vendor('launchdarkly-key', 'a LaunchDarkly key', ['launchdarkly'], open40, [
    'launchdarkly-access-token',
  ]),
  vendor('linear-secret', 'a Linear client secret', ['linear'], hex32, ['linear-client-secret']),
  vendor(
    'linkedin-secret',
    'a LinkedIn client secret',
    ['linkedin', 'linked_in', 'linked-in'],
    /^[a-z0-9]{16}$/i,
    ['linkedin-client-secret'],
  ),
  vendor('lob-key', 'a Lob key', ['lob'], /^(?:live|test)_[a-f0-9]{35}$/i, ['lob-api-key']),
  vendor('looker-secret', 'a Looker client secret', ['looker'], /^[a-z0-9]{24}$/i, [
    'looker-client-secret',
  ]),
  vendor(
    'mailgun-signing-key',
    'a Mailgun signing key',
    ['mailgun'],
    /^[a-h0-9]{32}-[a-h0-9]{8}-[a-h0-9]{8}$/i,
    ['mailgun-signing-key'],
  ),
  vendor('mattermost-token', 'a Mattermost token', ['mattermost'], /^[a-z0-9]{26}$/i, [
    'mattermost-access-token',
  ]),
  vendor(
    'meraki-key',
    'a Cisco Meraki key',
    ['meraki'],
    /^[0-9a-f]{40}$/,
    ['cisco-meraki-api-key'],
    3,
  ),
  vendor(
    'messagebird-token',
    'a MessageBird token',
    ['messagebird', 'message-bird', 'message_bird'],
    /^[a-z0-9]{25}$/i,
    ['messagebird-api-token'],
  ),
  vendor('netlify-token', 'a Netlify token', ['netlify'], /^[\w=-]{40,46}$/, [
    'netlify-access-token',
  ]),
  vendor(
    'nytimes-key',
    'a key of the New York Times',
    ['nytimes', 'new-york-times', 'newyorktimes'],
    open32,
    ['nytimes-access-token'],
  ),
  vendor('okta-token', 'an Okta token', ['okta'], /^00[\w=-]{40}$/, ['okta-access-token'], 4),
  vendor(
    'plaid-secret',
    'a Plaid secret',
    ['plaid'],
    /^(?:[a-z0-9]{30}|access-(?:sandbox|development|production)-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i,
    ['plaid-secret-key', 'plaid-api-token'],
    3.3,
  ),
  vendor(
    'privateai-token',
    'a Private AI token',
    ['privateai', 'private_ai', 'private-ai'],
    text32,
    ['privateai-api-token'],
    3,
  ),
  vendor('rapidapi-key', 'a RapidAPI key', ['rapidapi'], /^[\w-]{50}$/, ['rapidapi-access-token']),
  vendor('sendbird-token', 'a Sendbird token', ['sendbird'], /^[a-f0-9]{40}$/i, [
    'sendbird-access-token',
  ]),
  vendor('sentry-legacy-token', 'a Sentry token', ['sentry'], hex64, ['sentry-access-token'], 3),
  vendor(
    'sidekiq-licence',
    'a licence of Sidekiq',
    ['bundle_enterprise__contribsys__com', 'bundle_gems__contribsys__com'],
    /^[a-f0-9]{8}:[a-f0-9]{8}$/i,
    ['sidekiq-secret'],
    2,
  ),
  vendor('snyk-token', 'a Snyk token', ['snyk'], uuid, ['snyk-api-token']),
  vendor('sonar-token', 'a Sonar token', ['sonar'], /^(?:sq[upa]_)?[\w=-]{40}$/, [
    'sonar-api-token',
  ]),
  vendor(
    'sourcegraph-legacy-token',
    'a Sourcegraph token',
    ['sourcegraph'],
    /^[a-f0-9]{40}$/i,
    ['sourcegraph-access-token'],
    3,
  ),
  vendor('squarespace-token', 'a Squarespace token', ['squarespace'], uuid, [
    'squarespace-access-token',
  ]),
  vendor('sumologic-key', 'a Sumo Logic key', ['sumo'], text64, ['sumologic-access-token'], 3),
  vendor(
    'telegram-named-token',
    'a Telegram bot token',
    ['telegram', 'telegr'],
    /^(?:bot)?[0-9]{5,16}:A[\w-]{34}$/,
    ['telegram-bot-api-token'],
  ),
  vendor('travis-token', 'a Travis CI token', ['travis'], /^[a-z0-9]{22}$/i, [
    'travisci-access-token',
  ]),
  vendor('twitch-token', 'a Twitch token', ['twitch'], text30, ['twitch-api-token']),
  vendor(
    'twitter-key',
    'a key of X, formerly Twitter',
    ['twitter'],
    /^(?:[a-z0-9]{25}|[a-z0-9]{45}|[a-z0-9]{50}|[0-9]{15,25}-[a-z0-9]{20,40}|A{22}[a-z0-9%]{80,100})$/i,
    [
      'twitter-api-key',
      'twitter-api-secret',
      'twitter-access-token',
      'twitter-access-secret',
      'twitter-bearer-token',
    ],
    2,
  ),
  vendor(
    'yandex-key',
    'a Yandex key',
    ['yandex'],
    /^(?:t1\.[\w-]{1,200}={0,2}\.[\w-]{86}={0,2}|AQVN[\w-]{35,38}|YC[\w-]{38})$/,
    ['yandex-access-token', 'yandex-api-key', 'yandex-aws-access-token'],
    3,
  ),
  vendor('zendesk-secret', 'a Zendesk secret', ['zendesk'], /^[a-z0-9]{40}$/i, [
    'zendesk-secret-key',
  ]),
];
